/** A point in time that a program wrote. */
export interface Stamp {
  /** Epoch milliseconds; read as UTC where no zone is written. */
  readonly at: number;
  readonly zoned: boolean;
  /** Where the text goes on. */
  readonly end: number;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
/** Later than this after its own stamp, a line was not merely buffered. */
const longestDelay = 6 * hour;
/** Ahead of the runtime's clock by more than this, the program's clock is wrong. */
const aheadAtMost = 5 * minute;
const widestZone = 14 * hour;
/** A stamp without a zone this near to full quarters of an hour from the runtime's time is local time. */
const writtenWithin = 5 * second;

/**
 * The stamp's time where it can be true of a line which the runtime got at `runtime`, else `runtime`: clocks jump, and a stamp without
 * a zone may be local time, which shows as a distance of whole quarters of an hour.
 */
export function soundTime(stamp: Stamp | undefined, runtime: number): number {
  if (stamp === undefined) return runtime;
  const ahead = stamp.at - runtime;
  const zone = stamp.zoned ? 0 : Math.round(ahead / (15 * minute)) * 15 * minute;
  if (Math.abs(zone) <= widestZone && Math.abs(ahead - zone) <= writtenWithin) return stamp.at - zone;
  return ahead <= aheadAtMost && ahead >= -longestDelay ? stamp.at : runtime;
}

const zone = String.raw`(?:[ ]?(Z|UTC|GMT|[+-]\d\d:?\d\d)(?![\w:]))?`;
const clock = String.raw`(\d\d):(\d\d):(\d\d)(?:[.,:](\d{1,9}))?`;
const iso = new RegExp(String.raw`(\d{4})[-/.](\d\d)[-/.](\d\d)[T _]${clock}${zone}`, 'y');
const short = new RegExp(
  String.raw`(\d\d)[/-]?(\d\d)[/-]?(\d\d) (\d\d):?(\d\d):?(\d\d)(?:[.,](\d{1,9}))?${zone}(?!\d)`,
  'y',
);
const clockOnly = new RegExp(clock, 'y');
/** `Jun 14 15:16:01`, `Sun Dec 04 04:47:44.123456 2005` */
const monthFirst = new RegExp(
  String.raw`(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) {1,2}(\d{1,2}) ${clock}(?: (\d{4})(?!\d))?`,
  'y',
);
/** `29/Nov/2026:22:55:18 +0000`, `29 Nov 2026 22:55:18.123` */
const dayFirst = new RegExp(String.raw`(\d{1,2})[ /-]([A-Z][a-z]{2})[ /-](\d{4})[: ]${clock}${zone}`, 'y');
const epoch = /(\d{10}|\d{13})(?:\.(\d{1,9}))?(?=[ \t\]:]|$)/y;
const months = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/** The stamp that begins at `from`. `runtime` gives the year or the day where none is written. */
export function readStamp(text: string, from: number, runtime: number): Stamp | undefined {
  const code = text.charCodeAt(from);
  if (code >= 48 && code <= 57) return readDigits(text, from, runtime);
  return code >= 65 && code <= 90 ? readMonthFirst(text, from, runtime) : undefined;
}

function readDigits(text: string, from: number, runtime: number): Stamp | undefined {
  if (text.charCodeAt(from + 2) === 58) return readClockOnly(text, from, runtime);
  return readIso(text, from) ?? readDayFirst(text, from) ?? readShort(text, from) ?? readEpoch(text, from);
}

function readIso(text: string, from: number): Stamp | undefined {
  iso.lastIndex = from;
  const match = iso.exec(text);
  if (match === null) return undefined;
  const [, year, month, date, h, m, s, fraction, offset] = match;
  return stampOf(
    Date.UTC(Number(year), Number(month) - 1, Number(date)) + clockOf([h, m, s, fraction]),
    offset,
    iso.lastIndex,
  );
}

/** `17/06/09 20:10:40` (Spark), `081109 203615` (HDFS). */
function readShort(text: string, from: number): Stamp | undefined {
  short.lastIndex = from;
  const match = short.exec(text);
  if (match === null) return undefined;
  const [, year, month, date, h, m, s, fraction, offset] = match;
  if (Number(month) > 12 || Number(date) > 31 || Number(h) > 23) return undefined;
  const midnight = Date.UTC(2000 + Number(year), Number(month) - 1, Number(date));
  return stampOf(midnight + clockOf([h, m, s, fraction]), offset, short.lastIndex);
}

function readDayFirst(text: string, from: number): Stamp | undefined {
  dayFirst.lastIndex = from;
  const match = dayFirst.exec(text);
  const [, date, name = '', year, h, m, s, fraction, offset] = match ?? [];
  const month = months.indexOf(name);
  if (match === null || month % 3 !== 0) return undefined;
  return stampOf(
    Date.UTC(Number(year), month / 3, Number(date)) + clockOf([h, m, s, fraction]),
    offset,
    dayFirst.lastIndex,
  );
}

function readMonthFirst(text: string, from: number, runtime: number): Stamp | undefined {
  monthFirst.lastIndex = from;
  const match = monthFirst.exec(text);
  const [, name = '', date, h, m, s, fraction, year] = match ?? [];
  const month = months.indexOf(name);
  if (match === null || month % 3 !== 0) return undefined;
  const within = clockOf([h, m, s, fraction]);
  const at =
    year === undefined
      ? nearestYear(month / 3, Number(date), runtime - within)
      : Date.UTC(Number(year), month / 3, Number(date));
  return stampOf(at + within, undefined, monthFirst.lastIndex);
}

/** The day of a header that has no year (syslog, klog), in the year that brings it nearest to `runtime`. */
export function nearestYear(month: number, date: number, runtime: number): number {
  const year = new Date(runtime).getUTCFullYear();
  const days = [year - 1, year, year + 1].map((each) => Date.UTC(each, month, date));
  return days.reduce(
    (best, at) => (Math.abs(at - runtime) < Math.abs(best - runtime) ? at : best),
    Number.POSITIVE_INFINITY,
  );
}

function readClockOnly(text: string, from: number, runtime: number): Stamp | undefined {
  clockOnly.lastIndex = from;
  const match = clockOnly.exec(text);
  if (match === null) return undefined;
  const [, h, m, s, fraction] = match;
  const within = clockOf([h, m, s, fraction]);
  return stampOf(Math.round((runtime - within) / day) * day + within, undefined, clockOnly.lastIndex);
}

function readEpoch(text: string, from: number): Stamp | undefined {
  epoch.lastIndex = from;
  const match = epoch.exec(text);
  if (match === null) return undefined;
  const at = epochMilliseconds(Number(match[0]));
  return { at, zoned: true, end: epoch.lastIndex };
}

/** Seconds, milliseconds, microseconds or nanoseconds since 1970 by their size, as milliseconds. */
export function epochMilliseconds(number: number): number {
  if (number < 1e11) return number * 1000;
  if (number < 1e14) return number;
  return number < 1e17 ? number / 1000 : number / 1e6;
}

/** Milliseconds since midnight of hours, minutes, seconds and a decimal fraction. */
export function clockOf([h, m, s, fraction]: readonly (string | undefined)[]): number {
  const part = fraction === undefined ? 0 : Math.trunc(Number(`0.${fraction}`) * second);
  return Number(h) * hour + Number(m) * minute + Number(s) * second + part;
}

function stampOf(utc: number, offset: string | undefined, end: number): Stamp | undefined {
  if (Number.isNaN(utc)) return undefined;
  if (offset === undefined) return { at: utc, zoned: false, end };
  return { at: utc - offsetOf(offset), zoned: true, end };
}

function offsetOf(offset: string): number {
  const sign = offset.charCodeAt(0);
  if (sign !== 43 && sign !== 45) return 0;
  const ahead = Number(offset.slice(1, 3)) * hour + Number(offset.slice(-2)) * minute;
  return sign === 45 ? -ahead : ahead;
}
