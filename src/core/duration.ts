const units = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of `90m`, `2h` or `1d`; undefined for anything else. */
export function parseDuration(word: string): number | undefined {
  const [, count, unit] = /^(\d{1,4})(m|h|d)$/i.exec(word) ?? [];
  const size = Object.entries(units).find(([name]) => name === unit?.toLowerCase())?.[1];
  return size === undefined || Number(count) === 0 ? undefined : Number(count) * size;
}
