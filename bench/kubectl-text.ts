/** A line of `kubectl describe` and what is indented below it. */
export interface Entry {
  readonly line: string;
  readonly key: string;
  readonly value: string;
  readonly children: readonly Entry[];
}

/** The lines of a text by their indentation. */
export function parseEntries(text: string): readonly Entry[] {
  const top: Entry[] = [];
  const open: { readonly indent: number; readonly children: Entry[] }[] = [{ indent: -1, children: top }];
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const indent = line.length - line.trimStart().length;
    while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
    const [, key = line.trim(), value = ''] = /^\s*([^:]+):(?:\s+(.*))?$/.exec(line) ?? [];
    const children: Entry[] = [];
    open.at(-1)?.children.push({ line: line.trim(), key, value: value.trim(), children });
    open.push({ indent, children });
  }
  return top;
}

export function find(entries: readonly Entry[], key: string): Entry | undefined {
  return entries.find((entry) => entry.key === key);
}

/** Undefined also for `<none>` and `<unset>`. */
export function valueOf(entries: readonly Entry[], key: string): string | undefined {
  const value = find(entries, key)?.value ?? '';
  return value === '' || /^<\w+>$/.test(value) ? undefined : value;
}

export function childrenOf(entries: readonly Entry[], key: string): readonly Entry[] {
  return find(entries, key)?.children ?? [];
}

/** `6m40s`, `5h43m`, `46d`: milliseconds. */
export function parseAge(text: string): number {
  const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  const parts = [...text.matchAll(/(\d+)([smhd])/g)];
  return parts.reduce((sum, [, number, unit = '']) => sum + Number(number) * (units[unit] ?? 0), 0);
}

/** A row of the table of Events. */
interface EventRow {
  readonly type: string;
  readonly reason: string;
  readonly note: string;
  readonly count: number;
  /** How long ago, milliseconds. */
  readonly first: number;
  readonly last: number;
}

/** The table of Events, its header left out. */
export function rowsOf(entries: readonly Entry[]): readonly EventRow[] {
  return childrenOf(entries, 'Events').flatMap(({ line }) => {
    const [type, reason, age, , note] = line.split(/\s{2,}/);
    if (type !== 'Normal' && type !== 'Warning') return [];
    return [{ type, reason: reason ?? '', note: (note ?? '').replaceAll('\\"', '"'), ...readAge(age ?? '') }];
  });
}

/** `21s (x3 over 61s)`. */
function readAge(text: string): Pick<EventRow, 'count' | 'first' | 'last'> {
  const [last = '', times = '1', first = last] = text.match(/\w+/g)?.filter((word) => word !== 'over') ?? [];
  return { count: Number(times.replace('x', '')), first: parseAge(first), last: parseAge(last) };
}
