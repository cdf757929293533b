import type { LogRecord } from '../../core/log-record.ts';

export interface NamedNumber {
  /** The words or the field's name before it: `took`, `pool active`. */
  readonly name: string;
  /** `ms`, `%`, `MB`; empty where none is written. */
  readonly unit: string;
  readonly value: number;
}

/** Numbers looked at in one record. */
const most = 8;

/** A number that is no part of a word, an address, a version or a date, with the unit that follows it. */
const number =
  /(?<![\w.:/-])(-?\d{1,15}(?:\.\d{1,20})?)(?:\s?(ms|us|µs|ns|s|sec|seconds|%|[kKMG]i?B|bytes|B)(?![\w]))?(?![\w:.-]*\w)/g;

/** What stands right before a number: one or two words, or the name of a value. */
const before =
  /(?<![\w./-])([A-Za-z][A-Za-z_]{1,31}(?:[ ._-][A-Za-z][A-Za-z_]{1,31})?)["']?\s{0,2}(?:[=:]|is|of|in|after|at|was)?\s{0,2}["'(]?$/;

/** `answered 200 in 73 ms`: the word says nothing of the number. */
const joints = new Set(['is', 'of', 'in', 'after', 'at', 'was']);

/** `20/20`, `20 of 20`: how much of how much. */
const share = /(?<![\w./:-])(\d{1,9})(?:\s?\/\s?|\sof\s)(\d{1,9})(?![\w./:-])/g;

/** Units that names of fields end with, as client libraries of Prometheus and loggers write them. */
const suffixes: readonly (readonly [RegExp, string])[] = [
  [/(?:_ms|Ms|Millis|_millis|_milliseconds)$/, 'ms'],
  [/(?:_s|_sec|_seconds|Seconds|Secs)$/, 's'],
  [/(?:_us|_micros)$/, 'us'],
  [/(?:_ns|_nanos|Nanos)$/, 'ns'],
  [/(?:_bytes|Bytes)$/, 'bytes'],
  [/(?:_pct|_percent|Percent)$/, '%'],
];

/** The numbers of a record that have a name or a unit; `20/20` is named and gives its share in percent. Of a text only its first line counts. */
export function numbersOf({ message, fields }: LogRecord): readonly NamedNumber[] {
  const found: NamedNumber[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (found.length === most) return found;
    if (typeof value === 'number') found.push({ name, unit: unitOf(name), value });
  }
  const end = message.indexOf('\n');
  const line = message.slice(0, Math.min(end === -1 ? message.length : end, 500));
  const shares = [...line.matchAll(share)].filter((match) => Number(match[1]) <= Number(match[2]));
  const alone = [...line.matchAll(number)].filter(({ index }) => !shares.some((one) => covers(one, index)));
  for (const one of [...shares.map((match) => shareIn(line, match)), ...alone.map((match) => numberIn(line, match))])
    if (found.length < most && (one.name !== '' || one.unit !== '')) found.push(one);
  return found;
}

function covers({ index, 0: text }: RegExpExecArray, place: number): boolean {
  return index <= place && place < index + text.length;
}

function unitOf(name: string): string {
  return suffixes.find(([pattern]) => pattern.test(name))?.[1] ?? '';
}

function shareIn(line: string, { index, 1: used, 2: total }: RegExpExecArray): NamedNumber {
  const percent = Number(total) === 0 ? 0 : (Number(used) / Number(total)) * 100;
  return { name: nameBefore(line, index), unit: '% of all', value: percent };
}

function numberIn(line: string, { index, 1: value, 2: unit = '' }: RegExpExecArray): NamedNumber {
  const name = nameBefore(line, index);
  return { name, unit: unit === '' ? unitOf(name) : unit, value: Number(value) };
}

function nameBefore(line: string, index: number): string {
  const name = before.exec(line.slice(Math.max(0, index - 80), index))?.[1] ?? '';
  return joints.has(name) ? '' : name;
}
