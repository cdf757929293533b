import { isJsonObject, type JsonObject, readArray, readObject } from '../../src/core/json.ts';
import { type Fact, type Facts, quote, telling } from './facts.ts';

/** What is wrong with an answer that has the right form. */
export type Flaw = 'invented evidence' | 'invented number' | 'invented name' | 'unknown action' | 'other namespace';

interface Setting {
  readonly facts: Facts;
  readonly flaw: Flaw | undefined;
  /** What the value at hand is about. */
  readonly about: readonly Fact[];
  /** Whether it is a hypothesis. */
  readonly supposes: boolean;
}

/**
 * An answer in the form that is asked for, made of nothing but the evidence: sentences that quote what they cite, one hypothesis, and no proposals. The same
 * question always gets the same answer. Names of fields say what belongs there; what has no known name stays empty.
 */
export function composeAnswer(shape: JsonObject, facts: Facts, flaw?: Flaw): unknown {
  return fill(shape, '', { facts, flaw, about: telling(facts), supposes: false });
}

function fill(shape: JsonObject, name: string, setting: Setting): unknown {
  const choices = readArray(shape, 'anyOf').filter(isJsonObject);
  const [choice] = choices;
  if (choice !== undefined) return choices.some(({ type }) => type === 'null') ? null : fill(choice, name, setting);
  if ('const' in shape) return shape['const'];
  if (Array.isArray(shape['enum'])) return shape['enum'][0];
  return fillTyped(shape, name, setting);
}

function fillTyped(shape: JsonObject, name: string, setting: Setting): unknown {
  switch (shape['type']) {
    case 'object':
      return Object.fromEntries(
        Object.entries(readObject(shape, 'properties')).map(([key, inner]) => [key, fill(object(inner), key, setting)]),
      );
    case 'array':
      return fillList(object(shape['items']), name, setting);
    case 'string':
      return fillText(name, setting);
    case 'boolean':
      return name === 'outside' && setting.about.length === 0;
    default:
      return 0;
  }
}

function fillList(items: JsonObject, name: string, setting: Setting): readonly unknown[] {
  const { facts, flaw, about } = setting;
  if (/^(evidence|ids|evidenceIds|cites)$/.test(name))
    return flaw === 'invented evidence' ? ['E99'] : about.map(({ id }) => id);
  if (/^(summary|sentences|answer)$/.test(name))
    return about.map((fact) => fill(items, 'sentence', { ...setting, about: [fact] }));
  if (name === 'hypotheses') {
    const changes = about.filter(({ kind }) => kind === 'change');
    return changes.map((change) => fill(items, 'hypothesis', { ...setting, about: [change], supposes: true }));
  }
  const proposes = flaw === 'unknown action' || flaw === 'other namespace';
  return name === 'proposals' && proposes
    ? [fill(items, 'proposal', { ...setting, about: facts.evidence.slice(0, 1) })]
    : [];
}

/** What stands in fields that are not about the evidence; the target is none that an incident is about. */
const constant: Readonly<Record<string, string>> = {
  confirms: 'It stops when that is taken back.',
  refutes: 'It goes on when that is taken back.',
  target: 'Deployment kube-system/coredns',
  namespace: 'kube-system',
  reason: 'That is what the evidence shows.',
};

function fillText(name: string, { facts, flaw, about, supposes }: Setting): string {
  if (name === 'action') return flaw === 'unknown action' ? 'delete-cluster' : (facts.actions[0] ?? 'restart-workload');
  if (!/^(text|answer|summary)$/.test(name)) return constant[name] ?? '';
  return about.length === 0 ? 'The evidence does not show it.' : sayAll(about, { flaw, supposes });
}

/** How each kind of evidence is introduced; `…` stands for what is quoted of it. */
const sayings: Readonly<Record<string, string>> = {
  log: 'The log says "…"',
  pattern: 'The log says "…"',
  event: 'Kubernetes reports "…"',
  change: 'Before it began, this changed: "…"',
  metric: 'It was measured: "…"',
  status: 'The rules found: "…"',
};

function sayAll(about: readonly Fact[], { flaw, supposes }: Pick<Setting, 'flaw' | 'supposes'>): string {
  const saying = ({ kind }: Fact): string => (supposes ? 'It may follow from "…"' : (sayings[kind] ?? 'It shows "…"'));
  const said = about.map((fact) => saying(fact).replace('…', () => quote(fact))).join('; ');
  if (flaw === 'invented number') return `${said}, 731 times.`;
  return flaw === 'invented name' ? `${said}, as warehouse-db does.` : `${said}.`;
}

function object(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
