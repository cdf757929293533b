import { cut } from '../../core/cut.ts';
import type { Finding } from '../../core/finding.ts';
import { matchSignature, type Signed } from '../logs/signatures/match.ts';

/** The line of a log that says most about why things went wrong, and what it is known to mean. */
export interface LastWords {
  readonly line: string;
  readonly signed?: Signed;
}

/** Longest log line quoted in a cause, characters. */
const lineLimit = 200;

/** A timestamp at the start of a line (RFC 3339, with or without zone): noise in a sentence. */
const leadingTime = /^\[?\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})?\]?\s{1,8}/;

/** Lines that say themselves that they are no error. */
const mild =
  /^.{0,60}\b(?:warn|warning|info|debug|trace|notice)\b|"(?:level|severity)" ?: ?"(?:warn|info|debug|trace|notice)/i;

/** Lines of a stack trace below the one that names the error, and what runtimes write after it: Java, .NET, Node, Go, Ruby, PHP, Rust. */
const frames: readonly RegExp[] = [
  /^\s{0,40}at\s/,
  /^\s{0,40}\.{3} \d{1,5} (?:more|common frames)/,
  /^\s{0,40}-{3} End of /,
  /^goroutine \d{1,12} \[/,
  /^\s{1,8}\S{1,300}\.go:\d{1,7}/,
  /^(?:created by )?[\w./*()[\]{}-]{1,200}\([^()\n]{0,300}\)(?: in goroutine \d{1,12})?$/,
  /^exit status \d{1,3}$/,
  /^\[signal SIG/,
  /^\s{1,8}from \S{1,300}:\d{1,7}/,
  /^#\d{1,4} /,
  /^\s{1,8}thrown in /,
  /^Node\.js v\d/,
  /^\s{1,8}(?:errno|code|syscall|address|port|path|hostname): /,
  /^\s{0,40}[\]})^]{1,200}[;,]?$/,
  /^note: run with |^stack backtrace:|^\s{1,8}\d{1,4}: /,
];

/** Of a log, oldest line first: the most telling line that is known, else the last that is no frame of a stack trace. Undefined where it is empty. */
export function findLastWords(log: readonly string[]): LastWords | undefined {
  const lines = log.filter((line) => line.trim() !== '');
  const known = lines.flatMap((line) => {
    const signed = matchSignature(line);
    return signed === undefined ? [] : [{ line, signed }];
  });
  const loud = known.filter(({ line }) => !mild.test(line));
  const best = mostTelling(loud) ?? mostTelling(known);
  if (best !== undefined) return best;
  const line = lines.findLast((one) => frames.every((frame) => !frame.test(one))) ?? lines.at(-1);
  return line === undefined ? undefined : { line };
}

type Known = Required<LastWords>;

/** Of the same rank the last: it is what the program ended with. */
function mostTelling(known: readonly Known[]): Known | undefined {
  const rank = Math.min(...known.map(({ signed }) => signed.rank));
  return known.findLast(({ signed }) => signed.rank === rank);
}

/** The cause with what the log is known to mean and its most telling line, where it says anything. `words` are redacted. */
export function causeWithLog({ cause }: Finding, words: LastWords | undefined): string {
  if (words === undefined) return cause;
  const line = words.line.trim().replace(leadingTime, '');
  const meaning = words.signed === undefined ? [] : [words.signed.cause];
  return [cause, ...meaning, `Its log says: “${cut(line, lineLimit)}”`].join('\n');
}
