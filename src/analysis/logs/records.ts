import { cut } from '../../core/cut.ts';
import type { LogLine, LogRecord } from '../../core/log-record.ts';
import { readAccessHead } from './access-head.ts';
import { continueTrace, openTrace, type Trace } from './continuation.ts';
import { readPlainHead } from './plain-head.ts';
import type { RecordHead } from './record-head.ts';
import { settleLevel } from './severity.ts';
import { readJsonHead, readLogfmtHead } from './structured-head.ts';
import { createUnwrapper } from './wrapping.ts';

/** Reads the lines of one container's stream into records; its only state is the record that may still go on. */
export interface RecordReader {
  /** Records that are whole now, in the order of their lines. How a stream is cut into pushes makes no difference. */
  push(lines: readonly LogLine[]): readonly LogRecord[];
  /** What waits for its continuation; for when nothing came for a while, and at the end. */
  flush(): readonly LogRecord[];
}

export interface RecordLimits {
  /** Lines of one record; what follows goes on as a record of its own. */
  readonly lines: number;
  /** UTF-16 units of one record. */
  readonly characters: number;
}

/** Holds the longest stack traces, and a goroutine dump in a few records. */
const usualLimits: RecordLimits = { lines: 500, characters: 65_536 };
/** Milliseconds between a line and its continuation: a program writes both at once. */
const longestPause = 5_000;

interface Begun extends RecordHead {
  trace: Trace;
  lastAt: number;
  readonly first: string;
  readonly more: string[];
  length: number;
}

/** `limits`: what differs from 500 lines and 65,536 characters a record. */
export function createRecordReader(limits: Partial<RecordLimits> = {}): RecordReader {
  const { lines: mostLines, characters } = { ...usualLimits, ...limits };
  const unwrapper = createUnwrapper();
  let begun: Begun | undefined;

  function take({ at, text }: LogLine, records: LogRecord[]): void {
    if (text.trim() === '') return;
    const trace = begun === undefined || at - begun.lastAt > longestPause ? undefined : continueTrace(text, begun);
    if (begun === undefined || trace === undefined) {
      end(records);
      begun = begin({ at, text }, characters);
      return;
    }
    if (begun.more.length + 1 >= mostLines || begun.length + text.length >= characters) {
      end(records);
      begun = begin({ at, text }, characters);
    } else {
      begun.more.push(text);
      begun.length += text.length + 1;
    }
    begun.trace = trace;
    begun.lastAt = at;
  }

  function end(records: LogRecord[]): void {
    if (begun !== undefined) records.push(finish(begun, characters));
    begun = undefined;
  }

  return {
    push(lines) {
      const records: LogRecord[] = [];
      for (const line of lines) for (const each of unwrapper.unwrap(line)) take(each, records);
      return records;
    },
    flush() {
      const records: LogRecord[] = [];
      for (const each of unwrapper.flush()) take(each, records);
      end(records);
      return records;
    },
  };
}

function begin({ at, text }: LogLine, characters: number): Begun {
  const head = readHead(text, at);
  const trace = openTrace(head.message);
  return { ...head, trace, lastAt: at, first: text, more: [], length: Math.min(text.length, characters) };
}

function readHead(text: string, runtime: number): RecordHead {
  const structured = text.startsWith('{') ? readJsonHead(text, runtime) : readLogfmtHead(text, runtime);
  return structured ?? readAccessHead(text, runtime) ?? readPlainHead(text, runtime);
}

function finish(begun: Begun, characters: number): LogRecord {
  const spread = readSpread(begun);
  const { at, level, fields } = spread ?? begun;
  const whole = spread?.message ?? join(begun.message, begun.more);
  const message = cut(whole, characters, '');
  return { at, level: settleLevel(level, message), message, fields };
}

/** JSON that was printed over several lines. */
function readSpread({ first, more, lastAt }: Begun): RecordHead | undefined {
  return first.startsWith('{') && more.length > 0 ? readJsonHead([first, ...more].join('\n'), lastAt) : undefined;
}

/** A header of .NET's console stands alone; its message is the next line, six spaces in. */
function join(message: string, more: readonly string[]): string {
  if (more.length === 0) return message;
  return message === '' ? more.map((line) => line.replace(/^ {1,6}/, '')).join('\n') : `${message}\n${more.join('\n')}`;
}
