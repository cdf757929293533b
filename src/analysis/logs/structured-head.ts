import { isJsonObject } from '../../core/json.ts';
import type { LogLevel } from '../../core/log-record.ts';
import { parseJson } from './json-text.ts';
import { readLevelName, readPinoLevel, readSyslogLevel } from './level-names.ts';
import type { RecordHead } from './record-head.ts';
import { epochMilliseconds, readStamp, type Stamp, soundTime } from './stamp.ts';

type Value = string | number | boolean;
type Pair = readonly [name: string, value: Value];
type Role = 'message' | 'level' | 'time' | 'trace' | 'error';

/** More fields than this no one reads, and memory is bounded. */
const mostFields = 64;
const longestValue = 4_096;

/**
 * What the fields of well-known loggers are for, the more telling name first: pino, Bunyan, zap, logrus, zerolog, slog, log4j and Logback JSON, ECS,
 * structlog, python-json-logger, Serilog (compact too), NLog, Google Cloud, GELF, OpenTelemetry, MongoDB. Names in lower case.
 */
const names: Readonly<Record<Role, string>> = {
  message:
    'msg message @m renderedmessage short_message textpayload event @mt messagetemplate body state.{originalformat} log',
  level: 'level severity lvl loglevel log.level levelname level_name severitytext @l s',
  time: '@timestamp timestamp time ts @t t.$date t datetime date asctime eventtime instant.epochsecond timemillis',
  trace:
    'stack_trace stacktrace error.stack_trace err.stack error.stack exception.stacktrace stack exc_info @x thrown.extendedstacktrace errorverbose exception',
  error: 'error.message err.message error err exception.message thrown.message',
};

const roles: ReadonlyMap<string, readonly [role: Role, rank: number]> = new Map(
  (['message', 'level', 'time', 'trace', 'error'] as const).flatMap((role) =>
    names[role].split(' ').map((name, rank) => [name, [role, rank]] as const),
  ),
);

/** Undefined for text that is not a JSON object. */
export function readJsonHead(text: string, runtime: number): RecordHead | undefined {
  const value = parseJson(text);
  if (!isJsonObject(value)) return undefined;
  const pairs = flatten(value);
  return pairs === undefined ? undefined : headOf(pairs, text, runtime);
}

/** A message with its fields as JSON behind it. Undefined where that is not JSON. */
export function readTailedHead(message: string, json: string, runtime: number): RecordHead | undefined {
  const value = parseJson(json);
  const pairs = isJsonObject(value) ? flatten(value) : undefined;
  return pairs === undefined ? undefined : headOf([['msg', message], ...pairs], message, runtime);
}

/** Nested fields as `a.b`; what is nested deeper stays JSON. Undefined for JSON that is nested too deeply to be written again. */
function flatten(value: object): readonly Pair[] | undefined {
  const pairs: Pair[] = [];
  try {
    for (const [name, each] of Object.entries(value)) addNested(pairs, name, each);
  } catch {
    return undefined;
  }
  return pairs;
}

function addNested(pairs: Pair[], name: string, value: unknown): void {
  if (!isJsonObject(value)) return add(pairs, name, value);
  for (const [inner, deep] of Object.entries(value)) add(pairs, `${name}.${inner}`, deep);
}

function add(pairs: Pair[], name: string, value: unknown): void {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') pairs.push([name, value]);
  else if (value !== null && value !== undefined) pairs.push([name, JSON.stringify(value)]);
}

/** A value that is not quoted may be a list or an object, with quotes in it. */
const pair =
  /[ \t]*(?:([A-Za-z_@][\w.@/-]{0,100})=(?:"((?:[^"\\]|\\.)*)"(?=[ \t]|$)|([^\s"]*|[[{]\S*)(?=[ \t]|$))|(\S+))/y;
const logfmtStart = /^[A-Za-z_@][\w.@/-]{0,100}=/;

/** Undefined for text that is not logfmt: pairs from its first word on, and one of them a message or a level. */
export function readLogfmtHead(text: string, runtime: number): RecordHead | undefined {
  if (!logfmtStart.test(text)) return undefined;
  const pairs: Pair[] = [];
  pair.lastIndex = 0;
  for (let match = pair.exec(text); match !== null; match = pair.exec(text)) {
    const [, name, quoted, bare, word] = match;
    if (name !== undefined) pairs.push([name, quoted === undefined ? valueOf(bare ?? '') : unquote(quoted)]);
    else if (word !== undefined) extend(pairs, word);
  }
  const known = pairs.some(([name]) => ['message', 'level'].includes(roles.get(name.toLowerCase())?.[0] ?? ''));
  // A single word behind `=` may mean anything; a quoted message does not.
  const isSure = pairs.length > 1 || text.startsWith('msg="');
  return known && isSure ? headOf(pairs, text, runtime) : undefined;
}

/** A value with spaces that nobody quoted. */
function extend(pairs: Pair[], word: string): void {
  const last = pairs.pop();
  if (last !== undefined) pairs.push([last[0], `${last[1]} ${word}`]);
}

function valueOf(text: string): Value {
  if (text.length < 16 && /^-?\d+(?:\.\d+)?$/.test(text)) return Number(text);
  if (text === 'true' || text === 'false') return text === 'true';
  return text;
}

function unquote(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(.)/g, (_, escaped: string) => escapes[escaped] ?? escaped);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '' };

function headOf(pairs: readonly Pair[], text: string, runtime: number): RecordHead {
  const { picked, rest } = pick(pairs);
  const said = picked.level === undefined ? impliedLevel(pairs) : readLevel(picked.level[1]);
  const level = (said ?? 'info') === 'info' && pairs.some(isServerFault) ? 'error' : said;
  return {
    at: soundTime(readTimeValue(picked.time?.[1], runtime), runtime),
    level,
    message: messageOf(picked, text),
    fields: Object.fromEntries(rest.slice(0, mostFields).map(([name, value]) => [name, bounded(value)])),
    headed: true,
  };
}

type Picked = Partial<Record<Role, Pair>>;

/** The best field of each role, and the fields that are none. An error stays among the fields too: it has a name that people look for. */
function pick(pairs: readonly Pair[]): { readonly picked: Picked; readonly rest: readonly Pair[] } {
  const picked: Picked = {};
  const ranks: Partial<Record<Role, number>> = {};
  for (const each of pairs) {
    const [role, rank] = roles.get(each[0]) ?? roles.get(each[0].toLowerCase()) ?? [];
    if (role === undefined || rank === undefined || rank >= (ranks[role] ?? Number.POSITIVE_INFINITY)) continue;
    if (!fits(role, each[1])) continue;
    picked[role] = each;
    ranks[role] = rank;
  }
  const header = [picked.message, picked.level, picked.time, picked.trace];
  return { picked, rest: pairs.filter((each) => !header.includes(each)) };
}

function fits(role: Role, value: Value): boolean {
  if (role === 'level') return readLevel(value) !== undefined;
  return role === 'time' ? typeof value !== 'boolean' : typeof value === 'string' && value !== '' && value !== goesOn;
}

/** What klog puts in place of a value of several lines, which follow. */
const goesOn = '<';

function readLevel(value: Value): LogLevel | undefined {
  return typeof value === 'number' ? readPinoLevel(value) : readLevelName(String(value));
}

/**
 * Serilog's compact format leaves the level of information out (github.com/serilog/serilog-formatting-compact); GELF numbers it as syslog
 * does (its `short_message` is mandatory).
 */
function impliedLevel(pairs: readonly Pair[]): LogLevel | undefined {
  const values = new Map(pairs);
  if (values.has('@t') && (values.has('@m') || values.has('@mt'))) return 'info';
  return values.has('short_message') ? readSyslogLevel(Number(values.get('level') ?? 6)) : undefined;
}

const statusNames = [
  'status',
  'statuscode',
  'status_code',
  'res.statuscode',
  'http.status_code',
  'http.response.status_code',
];

/** A request that failed on the server's side, as in access logs of text. Loggers of requests label all alike. */
function isServerFault([name, value]: Pair): boolean {
  return typeof value === 'number' && value >= 500 && value <= 599 && statusNames.includes(name.toLowerCase());
}

function readTimeValue(value: Value | undefined, runtime: number): Stamp | undefined {
  if (typeof value === 'string') return readStamp(value, 0, runtime);
  return typeof value === 'number' ? { at: epochMilliseconds(value), zoned: true, end: 0 } : undefined;
}

/** The message with what went wrong behind it, where it does not say so itself; the stack trace follows on its own lines. */
function messageOf({ message, error, trace }: Picked, text: string): string {
  const [said, wrong, frames] = [message, error, trace].map((each) => (each === undefined ? '' : String(each[1])));
  const first = said === undefined || said === '' ? text : said;
  const named = wrong === undefined || wrong === '' || first.includes(wrong) ? first : `${first}: ${wrong}`;
  return frames === undefined || frames === '' || named.includes(frames) ? named : `${named}\n${frames}`;
}

function bounded(value: Value): Value {
  return typeof value === 'string' && value.length > longestValue ? value.slice(0, longestValue) : value;
}
