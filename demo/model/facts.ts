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
  return { evidence, actions };
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

/** What people want to read first. */
const order = ['log', 'pattern', 'status', 'event', 'metric', 'suspect', 'change', 'related'];

/** The two pieces that say most, opinions left out. */
export function telling({ evidence }: Facts): readonly Fact[] {
  const ranked = evidence.filter(({ kind }) => kind !== 'opinion').toSorted((left, right) => rank(left) - rank(right));
  const change = ranked.find(({ kind }) => kind === 'change');
  const others = ranked.filter((fact) => fact !== change);
  return [...others.slice(0, change === undefined ? 2 : 1), ...(change === undefined ? [] : [change])];
}

function rank({ kind }: Fact): number {
  const at = order.indexOf(kind);
  return at === -1 ? order.length : at;
}

/** Characters that are quoted at most. */
const longestQuote = 140;

/** A line that says what went wrong. */
const failure =
  /error|exception|fail|fatal|refused|denied|cannot|could not|unable|timed? ?out|exceeded|not found|killed/i;

/** Its most telling line in full words, for quoting: nothing is in it that is not there. */
export function quote(fact: Fact): string {
  const words = tellingLine(fact).replaceAll('"', "'");
  return words.length <= longestQuote ? words : words.slice(0, words.lastIndexOf(' ', longestQuote));
}

/** Of what the rules found, the line after its title; of a log, the last that says what went wrong. */
function tellingLine({ kind, text }: Fact): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const found = kind === 'status' ? lines[1] : lines.findLast((line) => failure.test(line));
  return found ?? lines[0] ?? '';
}
