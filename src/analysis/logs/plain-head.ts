import type { LogLevel } from '../../core/log-record.ts';
import { readLevelName, readSyslogLevel } from './level-names.ts';
import type { RecordHead } from './record-head.ts';
import { clockOf, nearestYear, readStamp, type Stamp, soundTime } from './stamp.ts';
import { readJsonHead, readLogfmtHead, readTailedHead } from './structured-head.ts';

// Every repetition below has an upper bound, so that a line is read in time proportional to its length whatever it holds.

/** `[main]`, `[QuorumPeer[myid=1]/0:0:0:0:0:0:0:0:2181]` */
const group = String.raw`\[(?:[^[\]]|\[[^[\]]{0,80}\]){0,200}\]`;
const anyLevel =
  'trace|trce|debug[1-5]?|dbug|dbg|verbose|info|information|inf|notice|warn|warning|wrn|error|err|fail|severe|critical|crit|alert|emerg|fatal|ftl|panic|system|note';
const upperLevel =
  'TRACE|TRC|DEBUG|DBG|VERBOSE|VRB|INFO|INF|NOTICE|WARN|WARNING|WRN|ERROR|ERR|SEVERE|CRITICAL|FATAL|FTL';
/** Words that are levels only with a colon behind them; the last line is that of PostgreSQL. */
const withColon =
  'trce|trace|dbug|debug|info|notice|warn|warning|error|fail|crit|critical|fatal|' +
  'ALERT|EMERG|CONFIG|FINE|FINER|FINEST|LOG|DETAIL|HINT|STATEMENT|CONTEXT|PANIC|DEBUG[1-5]';
const level = String.raw`(?:[[(<|] ?(?:[\w.-]{1,40}:)?((?i:${anyLevel})) *[\])>|]|(${upperLevel})(?=[ \t:|/,[\]]|$)|(${withColon})(?=:[ \t]))`;

/** klog (kubernetes/klog): `I1129 22:55:18.123456       1 file.go:123] ` */
const klog = /([IWEF])(\d\d)(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{1,9}) +\d{1,10} [^\s\]]{1,200}\] ?/y;
/** `<34>1 ` of syslog, `1:M ` of Redis, `E, ` of Ruby. */
const prefix = /(?:<(\d{1,3})>(\d )?|\d{1,7}:[A-Z] |[A-Z], )/y;
const source = /[^\s{"]{1,120}[ \t]{1,30}(?:\|[ \t])?(?=\d{4}-\d\d-\d\d[T ])/y;
const levelAtStart = new RegExp(level, 'y');
const beforeStamp = new RegExp(String.raw`:?[ \t]*(?:${group})?[ \t]*`, 'y');
/** Thread, process and logger between the time and the level. */
const levelBehindStamp = new RegExp(
  String.raw`(?:[ \t]*(?:#\d{1,10}\]|\]|[-|,:]{1,3}|${group}|\d{1,10}(?=[ \t])|[\w.$/-]{1,100}[ \t]+[-|](?=[ \t])|[\w.-]{1,60}@[\w.-]{1,60}|[A-Z]{3,4}(?=[ \t]))){0,6}?[ \t]*${level}`,
  'y',
);
/** Spark, JUL, Logback and .NET loggers and Rust modules; never an exception, which is what the record is about. */
const logger = String.raw`(?!\S{0,200}(?:Exception|Error|Throwable|Failure):)(?:(?:[a-z_][\w$-]{0,60}\.){1,12}[A-Z][\w$]{0,80}|\w{1,60}(?:::\w{1,60}){1,12})`;
const behindLevel = new RegExp(
  [
    String.raw`[ \t]*\d{1,10}[ \t]+---[ \t]+${group}(?:[ \t]+${group})?[ \t]+\S{1,150}[ \t]*:(?=[ \t])`, // Spring Boot
    String.raw`[ \t]*--[ \t]+[^\s:]{0,80}[ \t]?:(?=[ \t])`, // Ruby
    String.raw`/[\w-]{1,60}\]`, // Celery
    String.raw`[ \t]+[\w:.-]{1,100}\](?=[ \t])`, // env_logger
    String.raw`:[A-Za-z_][\w.$-]{0,100}:(?=\S)`, // Python's basicConfig
    String.raw`(?:${group}){1,3}(?=[ \t])`, // Elasticsearch, Envoy, logrus
    String.raw`(?<=\|)[\w.$]{1,150}\|(?=\S)`, // NLog
    String.raw`[ \t]+\d{1,10}#\d{1,10}:(?:[ \t]\*\d{1,15})?`, // nginx
    String.raw`\t(?:[\w./-]{1,100}\t)?[\w./-]{1,150}:\d{1,6}(?=\t)`, // zap
    String.raw`:[ \t]+[\w.+\x60]{1,150}\[\d{1,6}\]$`, // .NET, whose message is on the next line
    String.raw`[ \t]*(?:${group}[ \t]*)?(?:[^\s[\]]{1,150}[ \t]+)?[-|>](?=[ \t])`, // Logback, Loguru, zerolog
    String.raw`[ \t]*(?:${group}[ \t]*)?${logger}[ \t]?:(?=[ \t])`, // log4j
  ].join('|'),
  'y',
);
/** The host and program of syslog, or the file of Go's log. */
const behindStamp = new RegExp(
  String.raw`[ \t]+(?:[\w.-]{1,100}[ \t]+[^\s:[]{1,60}(?:\[\d{1,10}\])?:(?=[ \t])|[\w./-]{1,100}\.go:\d{1,6}:(?=[ \t]))`,
  'y',
);
const behindVersion = new RegExp(String.raw` \S{1,255} \S{1,48} \S{1,128} \S{1,32} (?:-|(?:${group})+)`, 'y');
const separators = /[ \t]*[\]:,|-]{0,2}[ \t]*/y;

/** What may stand before the message, as far as it was read. */
interface Header {
  readonly end: number;
  readonly stamp?: Stamp | undefined;
  readonly level?: LogLevel | undefined;
}

/** A line of text, with the headers that are usual; JSON and logfmt behind a header are read too. */
export function readPlainHead(text: string, runtime: number): RecordHead {
  const found = readKlog(text, runtime) ?? readPrefixed(text, runtime);
  if (found === undefined) return { at: runtime, message: text, fields: {}, headed: false };
  const at = soundTime(found.stamp, runtime);
  const message = text.slice(found.end).trimStart();
  const inner = readInner(message, found, at);
  if (inner !== undefined) return { ...inner, level: found.level ?? inner.level };
  return { at, level: found.level, message, fields: {}, headed: true };
}

/** klog's `"message" key="value" count=3`: a text as Go quotes it, and values or nothing behind it. */
const quotedText = /^"((?:[^"\\]|\\.)*)"(?=$| [A-Za-z_@][\w.@/-]{0,100}=)/;

/** JSON, logfmt, klog's text and values, and zap's JSON behind a tab. */
function readInner(message: string, { level: said }: Header, at: number): RecordHead | undefined {
  if (message.startsWith('{')) return readJsonHead(message, at);
  if (quotedText.test(message)) return readLogfmtHead(`msg=${message}`, at);
  const tail = message.endsWith('}') ? message.indexOf('\t{') : -1;
  if (tail > 0) return readTailedHead(message.slice(0, tail), message.slice(tail + 1), at);
  return said === undefined ? readLogfmtHead(message, at) : undefined;
}

function readKlog(text: string, runtime: number): Header | undefined {
  const [header, name = '', month, date, ...clock] = matchAt(klog, text, 0) ?? [];
  if (header === undefined) return undefined;
  const within = clockOf(clock);
  const at = nearestYear(Number(month) - 1, Number(date), runtime - within) + within;
  return { end: header.length, stamp: { at, zoned: false, end: header.length }, level: readLevelName(name) };
}

function readPrefixed(text: string, runtime: number): Header | undefined {
  const mark = matchAt(prefix, text, 0);
  const from = mark?.[0].length ?? 0;
  const header = readStamped(text, from, runtime) ?? readLevelled(text, from, runtime);
  return mark === null ? (header ?? readSourced(text, runtime)) : readMarked(text, header, mark);
}

function readMarked(text: string, header: Header | undefined, mark: RegExpExecArray): Header | undefined {
  const [written, priority, version] = mark;
  if (priority !== undefined) return readSyslog(text, header ?? { end: written.length }, [priority, version]);
  if (header?.stamp === undefined) return undefined;
  return written.includes(':') ? readRedis(text, header) : header;
}

/** Behind the name of its source, as `docker compose` and collectors of files put it: only where a time and a level follow. */
function readSourced(text: string, runtime: number): Header | undefined {
  const [name] = matchAt(source, text, 0) ?? [];
  const header = name === undefined ? undefined : readStamped(text, name.length, runtime);
  return header?.level === undefined ? undefined : header;
}

/** RFC 5424: the level is the priority's rest by eight. */
function readSyslog(text: string, header: Header, [priority, version]: readonly (string | undefined)[]): Header {
  const names = version === undefined ? null : matchAt(behindVersion, text, header.stamp?.end ?? header.end);
  const end = names === null ? header.end : (header.stamp?.end ?? header.end) + names[0].length;
  return { ...header, end, level: header.level ?? readSyslogLevel(Number(priority) % 8) };
}

/** redis.conf, loglevel: `.` debug, `-` verbose, `*` notice, `#` warning. */
function readRedis(text: string, header: Header): Header {
  const at = header.stamp?.end ?? header.end;
  const found = new Map<string, LogLevel>([
    ['.', 'debug'],
    ['-', 'debug'],
    ['*', 'info'],
    ['#', 'warning'],
  ]).get(text.charAt(at + 1));
  return found === undefined ? header : { ...header, level: found, end: at + 2 };
}

function readStamped(text: string, from: number, runtime: number): Header | undefined {
  const opened = text.charCodeAt(from) === 91 ? 1 : 0;
  const stamp = readStamp(text, from + opened, runtime);
  if (stamp === undefined) return undefined;
  const found = matchAt(levelBehindStamp, text, stamp.end);
  if (found !== null) return { ...endOf(text, stamp.end + found[0].length), stamp, level: levelOf(found) };
  const names = matchAt(behindStamp, text, stamp.end);
  return { ...skip(text, stamp.end + (names?.[0].length ?? 0)), stamp };
}

function readLevelled(text: string, from: number, runtime: number): Header | undefined {
  const found = matchAt(levelAtStart, text, from);
  if (found === null) return undefined;
  const after = from + found[0].length;
  const stampFrom = after + (matchAt(beforeStamp, text, after)?.[0].length ?? 0);
  const stamp = readStamp(text, stampFrom, runtime);
  return { ...endOf(text, stamp?.end ?? after), stamp, level: levelOf(found) };
}

function levelOf([, grouped, upper, withItsColon]: readonly string[]): LogLevel | undefined {
  return readLevelName(grouped ?? upper ?? withItsColon ?? '');
}

/** Behind the level: past the logger. */
function endOf(text: string, from: number): Header {
  return skip(text, from + (matchAt(behindLevel, text, from)?.[0].length ?? 0));
}

function skip(text: string, from: number): Header {
  return { end: from + (matchAt(separators, text, from)?.[0].length ?? 0) };
}

function matchAt(pattern: RegExp, text: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from;
  return pattern.exec(text);
}
