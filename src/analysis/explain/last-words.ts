import { cut } from '../../core/cut.ts';
import type { Finding } from '../../core/finding.ts';
import { isTrouble, type LogLevel, type LogRecord } from '../../core/log-record.ts';
import { headlineOf } from '../logs/continuation.ts';
import { createRecordReader } from '../logs/records.ts';
import { matchSignature, type Signed } from '../logs/signatures/match.ts';

/** The line of a log that says most about why things went wrong, and what it is known to mean. */
export interface LastWords {
  readonly line: string;
  readonly signed?: Signed;
  /** It tells of no trouble: it is only what the log ends with. */
  readonly calm?: true;
}

/** curl draws its progress into the line that its error ends up in. */
const progress = /^[\s\d.kMG:-]{0,200}--:--:--\s{1,20}\d{1,6}[kMG]?(?=curl: )/;

/** Longest log line quoted in a cause, characters. */
const lineLimit = 200;

/**
 * Of a log, oldest line first: the most telling line that is known, else what the last record that tells of trouble says went wrong, else what the last
 * record says. Without timestamp, level and logger. Undefined where the log is empty.
 */
export function findLastWords(log: readonly string[]): LastWords | undefined {
  const records = read(log);
  const known = records.flatMap(knownLines);
  const best = mostTelling(known.filter(({ level }) => isLoud(level))) ?? mostTelling(known);
  if (best !== undefined) return { line: best.line, signed: best.signed };
  const named = records.filter(({ message }) => headlineOf(message) !== undefined);
  const last = named.findLast(({ level }) => isTrouble(level)) ?? named.at(-1) ?? records.at(-1);
  if (last === undefined) return undefined;
  const line = headlineOf(last.message) ?? last.message.split('\n').at(-1) ?? '';
  return last.level === 'info' || last.level === 'debug' ? { line, calm: true } : { line };
}

/** All at once: the lines of one container have no times here. */
function read(log: readonly string[]): readonly LogRecord[] {
  const reader = createRecordReader();
  return [...reader.push(log.map((text) => ({ at: 0, text }))), ...reader.flush()];
}

interface Known extends Required<Pick<LastWords, 'line' | 'signed'>> {
  readonly level: LogLevel;
}

function knownLines({ message, level }: LogRecord): readonly Known[] {
  return message.split('\n').flatMap((line) => {
    const signed = matchSignature(line);
    return signed === undefined ? [] : [{ line, level, signed }];
  });
}

/** A line that is known may lack a level; one that has a mild one says itself that it is no error. */
function isLoud(level: LogLevel): boolean {
  return isTrouble(level) || level === 'unknown';
}

/** Of the same rank the last: it is what the program ended with. */
function mostTelling(known: readonly Known[]): Known | undefined {
  const rank = Math.min(...known.map(({ signed }) => signed.rank));
  return known.findLast(({ signed }) => signed.rank === rank);
}

/** The cause with what the log is known to mean and its most telling line, where it says anything. `words` are redacted. */
export function causeWithLog({ cause }: Finding, words: LastWords | undefined): string {
  if (words === undefined) return cause;
  const meaning = words.signed === undefined ? [] : [words.signed.cause];
  const says = words.calm === true ? 'Its log ends with' : 'Its log says';
  return [cause, ...meaning, `${says}: “${cut(words.line.replace(progress, '').trim(), lineLimit)}”`].join('\n');
}
