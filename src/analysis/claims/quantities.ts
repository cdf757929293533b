import { withoutTimes } from './times.ts';

const ns = { nano: 1n, micro: 1_000n, milli: 1_000_000n, second: 1_000_000_000n } as const;
const [minute, hour, day] = [60n * ns.second, 3_600n * ns.second, 86_400n * ns.second];

interface Unit {
  readonly dimension: 'time' | 'bytes' | 'percent' | 'cores' | 'count';
  /** In nanoseconds, bytes, percents, thousandths of a core, or ones. */
  readonly factor: bigint;
}

function units(dimension: Unit['dimension'], factor: bigint, names: string): [string, Unit][] {
  return names.split(' ').map((name) => [name, { dimension, factor }]);
}

/** Only what converts exactly: decimal and binary bytes are different units. `m` is read as minutes and as thousandths of a core. */
const known = new Map<string, Unit>([
  ...units('time', ns.nano, 'ns'),
  ...units('time', ns.micro, 'us µs μs microseconds'),
  ...units('time', ns.milli, 'ms msec milliseconds millisecond'),
  ...units('time', ns.second, 's sec secs second seconds'),
  ...units('time', minute, 'min mins minute minutes'),
  ...units('time', hour, 'h hr hrs hour hours'),
  ...units('time', day, 'd day days'),
  ...units('time', 7n * day, 'week weeks'),
  ...units('bytes', 1n, 'B byte bytes'),
  ...units('bytes', 1_000n, 'kB KB'),
  ...units('bytes', 1_000_000n, 'MB megabytes'),
  ...units('bytes', 1_000_000_000n, 'GB gigabytes'),
  ...units('bytes', 1_000_000_000_000n, 'TB'),
  ...units('bytes', 2n ** 10n, 'Ki KiB'),
  ...units('bytes', 2n ** 20n, 'Mi MiB'),
  ...units('bytes', 2n ** 30n, 'Gi GiB'),
  ...units('bytes', 2n ** 40n, 'Ti TiB'),
  ...units('percent', 1n, '% percent'),
  ...units('cores', 1_000n, 'core cores'),
  ...units('cores', 1n, 'millicores millicore'),
  ...units('count', 1n, 'x × times'),
  ...units('count', 1_000n, 'k'),
]);

const unitNames = [...known.keys(), 'm'].toSorted((a, b) => b.length - a.length).join('|');

/** A whole or decimal number, with thousands separators or without; what is longer is an id. */
export const digits = '[-−]?(?:\\d{1,3}(?:,\\d{3}){1,10}|\\d{1,30})(?:\\.\\d{1,30})?';

/** A number and its unit, alone. */
const alone = new RegExp(`^(${digits})[ -]?(${unitNames})?$`, 'u');

/** A number that stands for itself: no part of a name, an address, a version or a path. */
const inText = new RegExp(
  `(?<![\\p{L}\\p{N}_.-]|[^\\d\\s]/)(${digits})(?:[ -]?(${unitNames}))?(?![\\p{L}\\p{N}_]|[.:]\\d|-[\\p{L}\\p{N}]|,\\d{3}(?!\\d))`,
  'gu',
);

/** `duration_ms=`, `"elapsedSeconds": `: the unit that the name of a value gives. */
const keyBefore = /([\p{L}_]+)["']{0,2}\s{0,2}[=:]\s{0,2}$/u;
const keyUnits: readonly (readonly [RegExp, string])[] = [
  [/(?:_ms|Ms|_millis|Millis|Milliseconds|_milliseconds)$/, 'ms'],
  [/(?:_s|_sec|_secs|_seconds|Seconds|Secs)$/, 's'],
  [/(?:_bytes|Bytes|^bytes)$/, 'B'],
  [/(?:_percent|Percent|_pct)$/, '%'],
];

/**
 * Every reading of a quantity, as texts that are equal where the quantities are: `5 s`, `5,000 ms` and `5.0 seconds` all give `time 5e9`. Undefined
 * where it is no number. `unit` is one that stands apart; an unknown one makes it no number.
 */
export function readQuantity(text: string, unit?: string): readonly string[] | undefined {
  const found = alone.exec(text.replaceAll('−', '-'));
  return found === null ? undefined : readings(found[1] ?? '', found[2] ?? unit);
}

export function isUnit(word: string): boolean {
  return known.has(word) || word === 'm';
}

function readings(number: string, unit: string | undefined): readonly string[] | undefined {
  if (unit === undefined) return [canonical(number, { dimension: 'count', factor: 1n })];
  if (unit === 'm') return ['minutes', 'millicores'].flatMap((one) => readings(number, one) ?? []);
  const one = known.get(unit);
  return one === undefined ? undefined : [canonical(number, one)];
}

/** Exact: a whole number and a power of ten. */
function canonical(number: string, { dimension, factor }: Unit): string {
  const [whole = '', decimals = ''] = number.replaceAll(',', '').split('.');
  const scaled = `${BigInt(`${whole}${decimals}`) * factor}`;
  const significant = scaled.replace(/0+$/, '');
  if (significant === '' || significant === '-') return `${dimension} 0`;
  const negative = whole.startsWith('-') && !significant.startsWith('-') ? '-' : '';
  return `${dimension} ${negative}${significant}e${scaled.length - significant.length - decimals.length}`;
}

/** All quantities that a text states, with every reading. */
export function quantitiesIn(text: string): ReadonlySet<string> {
  const bare = withoutTimes(text);
  const found = [...bare.matchAll(inText)].flatMap(({ 1: number = '', 2: unit, index }) => {
    const plain = number.replace('−', '-');
    const named = unit ?? unitByKey(bare.slice(Math.max(0, index - longestKey), index));
    return [unit, named].flatMap((one) => readings(plain, one) ?? []);
  });
  return new Set(found);
}

/** Characters before a number in which its key is looked for. */
const longestKey = 64;

function unitByKey(before: string): string | undefined {
  const key = keyBefore.exec(before)?.[1] ?? '';
  return keyUnits.find(([pattern]) => pattern.test(key))?.[1];
}
