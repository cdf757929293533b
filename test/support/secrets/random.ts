const letters = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';

const alphabets = {
  hex: `${digits}abcdef`,
  lower: `${letters}${digits}`,
  upper: `${letters.toUpperCase()}${digits}`,
  mixed: `${letters}${letters.toUpperCase()}${digits}`,
  url: `${letters}${letters.toUpperCase()}${digits}-_`,
  base64: `${letters}${letters.toUpperCase()}${digits}+/`,
} as const;

export type Draw = (alphabet: keyof typeof alphabets, length: number) => string;

/** Draws the same characters for the same seed (mulberry32), so that a miss can be looked at again. */
export function drawing(seed: number): Draw {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return (alphabet, length) =>
    Array.from({ length }, () => alphabets[alphabet][Math.floor(next() * alphabets[alphabet].length)]).join('');
}
