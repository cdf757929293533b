import type { LogRecord } from '../../core/log-record.ts';
import { readPlainHead } from './plain-head.ts';
import type { RecordHead } from './record-head.ts';
import { readStamp, soundTime } from './stamp.ts';

/**
 * The request and what became of it, as the common and combined formats of Apache and nginx, Envoy, uvicorn and OpenStack write it:
 * `"GET /path HTTP/1.1" 200 2326`.
 */
const request =
  /"([A-Z]{3,10}) ([^\s"]{1,8192})(?: HTTP\/[\d.]{1,3})?"[ ,]*(?:status: )?([1-5]\d\d)(?: (?:[A-Z]{2,4} |- )?(?:len: )?(\d{1,15}|-)(?= |$))?(.*)$/;
/** Seconds stand with a decimal point (nginx `$request_time`, OpenStack `time:`). */
const duration = /(?:^|[ =])(\d{1,6}\.\d{1,9})(?= |$)/;
const bracketed = /\[([^\]]{10,40})\] ?/;

/** Undefined for a line that is no access log. A request that failed on the server's side (5xx) is an error, any other is not. */
export function readAccessHead(text: string, runtime: number): RecordHead | undefined {
  const match = text.includes(' HTTP/') ? request.exec(text) : null;
  if (match === null) return undefined;
  const { at, level, message } = readHeader(text, text.slice(0, match.index), runtime);
  const failed = Number(match[3]) >= 500;
  return { at, level: failed ? 'error' : (level ?? 'info'), message, fields: fieldsOf(match), headed: true };
}

/** The time stands behind the client's address in the common format, and in front of all in the others. */
function readHeader(text: string, before: string, runtime: number): RecordHead {
  const common = bracketed.exec(before);
  const stamp = common === null || common.index === 0 ? undefined : readStamp(common[1] ?? '', 0, runtime);
  if (common === null || stamp === undefined) return readPlainHead(text, runtime);
  const message = text.slice(0, common.index) + text.slice(common.index + common[0].length);
  return { at: soundTime(stamp, runtime), message, fields: {}, headed: true };
}

function fieldsOf([, method = '', path = '', status, bytes = '-', tail = '']: readonly string[]): LogRecord['fields'] {
  const [, seconds] = duration.exec(tail) ?? [];
  return {
    method,
    path,
    status: Number(status),
    ...(bytes === '-' ? {} : { bytes: Number(bytes) }),
    ...(seconds === undefined ? {} : { duration_ms: Number((Number(seconds) * 1000).toFixed(3)) }),
  };
}
