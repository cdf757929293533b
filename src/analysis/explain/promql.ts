import { parser } from '@prometheus-io/lezer-promql';
import type { ResourceRef } from '../../core/resource-ref.ts';

/** A string of PromQL that holds `text`. */
export function stringOf(text: string): string {
  return `"${text.replaceAll(/[\\"]/g, String.raw`\$&`)}"`;
}

/** A regular expression that takes one of these texts as it is, and nothing else. */
export function oneOf(texts: readonly string[]): string {
  return texts.map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)).join('|');
}

/** `$namespace`, `$kind` and `$name` of a query that people wrote, made safe to stand in a string of PromQL. */
export function fillQuery(query: string, { namespace, kind, name }: ResourceRef): string {
  const words = { namespace, kind, name };
  return query.replaceAll(/\$(namespace|kind|name)\b/g, (_, word: keyof typeof words) =>
    words[word].replaceAll(/[\\"'`]/g, String.raw`\$&`),
  );
}

/** What an alerting rule watches, and the line that it must not cross. */
export interface Threshold {
  /** PromQL without the comparison. */
  readonly query: string;
  readonly operator: string;
  readonly value: number;
}

const operators: readonly string[] = ['Gtr', 'Gte', 'Lss', 'Lte', 'Eql', 'Neq'];
const mirrored: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };

/**
 * Splits `rate(errors_total[5m]) > 0.5` at its outermost comparison with a number, whichever side the number is on. Undefined where there is none, or where
 * the expression is not PromQL: what it watches cannot be told from whether it is true.
 */
export function splitThreshold(expression: string): Threshold | undefined {
  const [left, operator, ...rest] = outermost(expression);
  const right = rest.at(-1);
  if (left === undefined || operator === undefined || right === undefined || !operators.includes(operator.name))
    return undefined;
  const asNumber = numberOf(right.text);
  if (asNumber !== undefined) return { query: left.text, operator: operator.text, value: asNumber };
  const first = numberOf(left.text);
  if (first === undefined) return undefined;
  return { query: right.text, operator: mirrored[operator.text] ?? operator.text, value: first };
}

interface Part {
  readonly name: string;
  readonly text: string;
}

/** The parts of the outermost binary expression, parentheses around it taken off; none where it is something else or broken. */
function outermost(expression: string): readonly Part[] {
  const tree = parser.parse(expression);
  let node = tree.topNode.firstChild;
  while (node !== null && (node.name === 'ParenExpr' || isNarrowed(node))) node = node.firstChild;
  if (node?.name !== 'BinaryExpr' || hasErrors(tree)) return [];
  const parts: Part[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    parts.push({ name: child.name, text: expression.slice(child.from, child.to) });
  }
  return parts;
}

type Node = ReturnType<typeof parser.parse>['topNode'];

/** `a > 1 and b`, `a > 1 unless b`: the alert has the labels of its left side, and the right side only leaves some of it out. */
function isNarrowed(node: Node): boolean {
  const operator = node.firstChild?.nextSibling?.name;
  return node.name === 'BinaryExpr' && (operator === 'And' || operator === 'Unless');
}

/** The parser goes on where it could not read something, and marks the place. */
function hasErrors(tree: ReturnType<typeof parser.parse>): boolean {
  let broken = false;
  tree.iterate({
    enter({ type }) {
      broken ||= type.isError;
    },
  });
  return broken;
}

/** Plain numbers only; `Number` reads decimal, exponents and hexadecimal like PromQL does. */
function numberOf(text: string): number | undefined {
  const value = Number(text.replaceAll('_', ''));
  return text.trim() !== '' && Number.isFinite(value) ? value : undefined;
}
