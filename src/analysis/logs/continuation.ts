import type { LogLevel } from '../../core/log-record.ts';

/** A trace in the making: what may follow depends on whose it is. `raised`: Python's, after the line that names the exception. `panicked`: Rust's, before the message. */
export type Trace = 'none' | 'go' | 'python' | 'raised' | 'node' | 'panicked' | 'rust';

/** The record that a line may belong to. */
export interface Unfinished {
  readonly trace: Trace;
  /** Whether it began with a header. */
  readonly headed: boolean;
  readonly level?: LogLevel | undefined;
}

/** Loggers that pad levels write `·INFO`; deeper indentation is a continuation. */
const paddedHeader = /^ {1,2}(?:\d{4}-\d\d-\d\d[T ]|\[?(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL)\b)/;

/** Never the beginning of a record: Java, Go, .NET, PHP and gdb frames, closing brackets. */
const alwaysJoins =
  /^(?:Caused by: |Suppressed: |Wrapped by: |\.\.\. \d{1,6} |at [\w$.<>]{1,200}\(|goroutine \d+ \[|created by |--- End of |Stack trace:$|#\d{1,5} (?:\/|\{main|0x|\[internal)|[)\]}]{1,4}[,;]?$)/;
/** Loggers print the exception on a line of its own, without a header. */
const exception = /^(?:[a-zA-Z_][\w$]*\.)+[A-Z][\w$]*(?:Exception|Error|Throwable|Failure|Fault)(?::|$| )/;
const rubyFrame = /^[^\s:]{1,500}\.rb:\d{1,7}:in [`'][^`']{0,300}'$/;
/** Of a logger that said `error`, or of nobody; not of a line that reports business as usual. */
const traceback = /^(?:Traceback \(most recent call last\):|Exception Group Traceback)/;

const goLine =
  /^(?:\[signal |exit status \d|panic: |fatal error: |runtime stack:|r(?:[a-d]x|[sd]i|[sb]p|ip|flags|\d{1,2}) +0x|[cfg]s +0x|goroutine )/;
const raising = /^[A-Za-z_][\w.]{0,300}(?::|$)/;
const chained =
  /^(?:During handling of the above|The above exception was|\[SQL: |\[parameters: |\(Background on this error|DETAIL: |HINT: |LINE \d)/;
const nodeLine = /^(?:[A-Z]\w{0,100}(?: \[\w{1,60}\])?: |Error$|Node\.js v|Thrown at)/;
const rustLine = /^(?:note: |stack backtrace:)/;

const opensGo = /^(?:panic: |fatal error: |SIG[A-Z]{2,6}: |goroutine \d+ \[)/;
const opensNode = /^(?:file:\/\/|node:|\/)[^\s:]{1,500}(?::[\w/]{1,100})?:\d{1,7}$/;

/** The trace that a record's first line begins. */
export function openTrace(line: string): Trace {
  if (opensGo.test(line)) return 'go';
  if (traceback.test(line)) return 'python';
  if (opensNode.test(line)) return 'node';
  if (!line.includes("' panicked at ")) return 'none';
  return line.endsWith(':') ? 'panicked' : 'rust';
}

/** The trace after a line that goes on with what was begun, or undefined where the line begins a record of its own. */
export function continueTrace(line: string, begun: Unfinished): Trace | undefined {
  const first = line.charCodeAt(0);
  if (first === 32 || first === 9) return paddedHeader.test(line) ? undefined : begun.trace;
  if (alwaysJoins.test(line)) return line.startsWith('goroutine ') ? 'go' : begun.trace;
  const joined = begun.headed ? followHeader(line, begun) : undefined;
  return joined ?? (begun.trace === 'none' ? undefined : following[begun.trace](line));
}

/**
 * The line of a record that says what went wrong: of a stack trace that of the innermost error, else the first. Undefined where there are only frames.
 */
export function headlineOf(message: string): string | undefined {
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  return lines.findLast((line) => opensInner.test(line) || !isFrame(line));
}

/** Errors within errors of Java, .NET and Go, which their runtimes write as they write frames. */
const opensInner = /^(?:Caused by: | ---> |panic: |fatal error: )/;

function isFrame(line: string): boolean {
  if (/^\s/.test(line) || alwaysJoins.test(line) || rubyFrame.test(line)) return true;
  return goLine.test(line) || isGoFrame(line) || behindError.test(line);
}

/** What runtimes add behind the error: Node, Rust, and Python's libraries. */
const behindError = /^(?:Node\.js v|note: |stack backtrace:|\^+$|\[SQL: |\[parameters: |\(Background on this error)/;

function followHeader(line: string, { trace, level }: Unfinished): Trace | undefined {
  if (exception.test(line) || rubyFrame.test(line)) return trace;
  return level !== 'info' && traceback.test(line) ? 'python' : undefined;
}

const following: Readonly<Record<Exclude<Trace, 'none'>, (line: string) => Trace | undefined>> = {
  go: (line) => (goLine.test(line) || isGoFrame(line) ? 'go' : undefined),
  python: (line) => (raising.test(line) ? 'raised' : undefined),
  raised: (line) => {
    if (traceback.test(line)) return 'python';
    return chained.test(line) ? 'raised' : undefined;
  },
  node: (line) => (nodeLine.test(line) ? 'node' : undefined),
  panicked: () => 'rust',
  rust: (line) => (rustLine.test(line) ? 'rust' : undefined),
};

/** `main.(*Server).serve(0xc000010000, {0x1, 0x2})` */
function isGoFrame(line: string): boolean {
  const open = line.indexOf('(');
  const space = line.indexOf(' ');
  return line.endsWith(')') && open > 0 && (space === -1 || space > open) && line.slice(0, open + 80).includes('.');
}
