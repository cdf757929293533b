import type { LogLevel } from '../../core/log-record.ts';
import { again, certain, fatal, general, harmless, warning } from './trouble-words.ts';

/** What matters is said at the beginning; the rest is data. */
const longestJudged = 4_096;

/** Frames of Java, .NET and Node; Go's goroutines; Python's and Rust's first lines; Ruby's frames. */
const traceLines =
  /\n\s{0,20}at [^\s(]{1,300}\(|\n\s{0,8}at .{1,300}:\d+\)?(?=\n|$)|(?:^|\n)goroutine \d+ \[|Traceback \(most recent call last\)|' panicked at |\n\s{0,8}from [^\s:]{1,300}\.rb:\d/;
const panicLine =
  /^(?:panic: |fatal error: |Unhandled exception|Uncaught (?:\w+ ?)?(?:Error|Exception)|Exception in thread "|Traceback \(most recent|thread '[^']{0,100}' panicked)/;

/**
 * The level that a record has: what it says of itself, unless that is absurd. A panic or a stack trace at `info` or below is an error: the
 * level then comes from a wrapper (a log driver, a supervisor, a redirected stderr) that labels every line alike.
 */
export function settleLevel(said: LogLevel | undefined, message: string): LogLevel {
  if (said === undefined || said === 'unknown') return judgeLevel(message);
  if (said !== 'info' && said !== 'debug') return said;
  return hasTrace(message) ? 'error' : said;
}

function hasTrace(message: string): boolean {
  if (panicLine.test(message)) return true;
  return message.includes('\n') && traceLines.test(message.slice(0, longestJudged));
}

/** What a message says by its content, not by the word: "0 errors" is no error, "connection refused" is one. `unknown` where it tells of no trouble. */
export function judgeLevel(message: string): LogLevel {
  const judged = message.length > longestJudged ? message.slice(0, longestJudged) : message;
  if (traceLines.test(judged)) return fatal.test(judged) ? 'fatal' : 'error';
  if (!mentions.test(judged)) return 'unknown';
  const rest = judged.replace(harmless, ' ');
  if (fatal.test(rest)) return 'fatal';
  if (certain.test(rest)) return 'error';
  if (general.test(rest)) return again.test(rest) ? 'warning' : 'error';
  return warning.test(rest) ? 'warning' : 'unknown';
}

/** Without one of these nothing can match: most lines are decided here. */
const mentions = new RegExp([fatal, certain, general, warning].map(({ source }) => source).join('|'), 'i');
