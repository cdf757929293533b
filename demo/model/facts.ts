import { isJsonObject, readArray, readString } from '../../src/core/json.ts';

/** A piece of evidence as the question holds it. */
export interface Fact {
  readonly id: string;
  readonly kind: string;
  readonly text: string;
}

export interface Facts {
  readonly evidence: readonly Fact[];
  /** Ids of what may be proposed, where the question lists it. */
  readonly actions: readonly string[];
  /** What a person wants to know; empty where nobody asks. */
  readonly question: string;
}

/** Reads the data of a question: JSON with an `evidence` array, and perhaps `actions`. Without either there is nothing to say. */
export function readFacts(data: string): Facts {
  const parsed = parse(data);
  const evidence = readArray(parsed, 'evidence').flatMap((one): Fact[] => {
    const [id, text] = [readString(one, 'id'), readString(one, 'text')];
    return id === undefined || text === undefined ? [] : [{ id, kind: readString(one, 'kind') ?? '', text }];
  });
  const actions = readArray(parsed, 'actions').flatMap((one) => {
    const id = typeof one === 'string' ? one : readString(one, 'id');
    return id === undefined ? [] : [id];
  });
  return { evidence, actions, question: readString(parsed, 'question') ?? '' };
}

/** Undefined where no JSON object is in it. */
function parse(data: string): unknown {
  try {
    const value: unknown = JSON.parse(data.slice(data.indexOf('{'), data.lastIndexOf('}') + 1));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A line that tells of trouble; the quiet ones before a sudden end do not. */
const trouble = /fatal|error|exception|panic|fail|cannot|could not|refused|denied|timed? ?out|no such|not found/i;

/** What people want to read first. */
const order = ['log', 'pattern', 'status', 'event', 'metric', 'suspect', 'change', 'related'];

/** The two pieces that say most, of those that speak of what is asked where somebody asks; opinions left out. */
export function telling({ evidence, question }: Facts): readonly Fact[] {
  const words = (question.toLowerCase().match(/[a-z]{4,}/g) ?? []).filter((word) => !common.has(word));
  const fit = ({ text, kind }: Fact): number =>
    words.filter((word) => `${kind} ${text}`.toLowerCase().includes(word)).length;
  const facts = evidence.filter(({ kind }) => kind !== 'opinion');
  const sorted = facts.toSorted((left, right) => fit(right) - fit(left) || rank(left) - rank(right));
  const ranked = sorted.filter((one, at) => sorted.findIndex((other) => quote(other) === quote(one)) === at);
  if (ranked.some((fact) => fit(fact) > 0)) return ranked.filter((fact) => fit(fact) > 0).slice(0, 2);
  const change = ranked.find(({ kind }) => kind === 'change');
  const others = ranked.filter((fact) => fact !== change);
  return [...others.slice(0, change === undefined ? 2 : 1), ...(change === undefined ? [] : [change])];
}

/** Words of questions that say nothing of what is asked. */
const common: ReadonlySet<string> = new Set([
  'what',
  'when',
  'where',
  'which',
  'this',
  'that',
  'there',
  'does',
  'have',
  'with',
  'from',
  'happened',
]);

function rank(fact: Fact): number {
  const { kind } = fact;
  if ((kind === 'log' || kind === 'pattern') && !trouble.test(quote(fact))) return order.length;
  const at = order.indexOf(kind);
  return at === -1 ? order.length : at;
}

/** Characters that are quoted at most. */
const longestQuote = 140;

/** When and how loud a line of a log is, which says nothing of what happened. */
const prefix = /^(?:\d{4}-\d{2}-\d{2}T[\d:.]+Z\s+)?(?:(?:FATAL|ERROR|WARN|INFO)\s+)?/;

/** Its most telling line in full words, for quoting: the last of a log that is no stack frame, the sample of a pattern, else the first. Nothing is in it that is not there. */
export function quote({ kind, text }: Fact): string {
  const lines = text
    .split('\n')
    .map((one) => one.trim())
    .filter((one) => one !== '' && !one.startsWith('at '));
  const sample =
    kind === 'pattern' ? lines.find((one) => one.startsWith('Such as: '))?.slice('Such as: '.length) : undefined;
  const told = kind === 'status' ? lines[1] : undefined;
  const line = sample ?? told ?? (kind === 'log' ? lines.at(-1) : lines[0]) ?? '';
  const words = line.replace(prefix, '').replace(/\.$/, '').replaceAll('"', "'");
  return words.length <= longestQuote ? words : words.slice(0, words.lastIndexOf(' ', longestQuote));
}
