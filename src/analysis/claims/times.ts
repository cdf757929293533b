/** A date, a moment, or a time of day. Linear: every part has a fixed length or is a run of digits. */
const moment =
  /(?<![\w.:-])(?:\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)?|\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)(?:\s?UTC\b|Z\b|[+-]\d{2}:?\d{2}\b|\s?[ap]m\b)?(?![\w:])/g;

export function timesIn(text: string): readonly string[] {
  return [...text.matchAll(moment)].map(([found]) => found);
}

/** The text with its times taken out, so that their parts are not taken for numbers. */
export function withoutTimes(text: string): string {
  return text.replace(moment, ' ');
}

/**
 * Whether a text states this time, as exactly as it was said or more so: `14:03` stands in `2026-03-01T14:03:22Z`. Another zone or `pm` must be there
 * word for word.
 */
export function statesTime(text: string, time: string): boolean {
  const bare = time.replace(/\s?UTC$|Z$/, '').replace(/^(\d{4}-\d{2}-\d{2}) /, '$1T');
  const spread = text.replace(/(\d{4}-\d{2}-\d{2}) (?=\d{2}:)/g, '$1T');
  for (let at = spread.indexOf(bare); at !== -1; at = spread.indexOf(bare, at + 1)) {
    const [before, after] = [spread[at - 1] ?? '', spread[at + bare.length] ?? ''];
    if (!/[\d:.-]/.test(before) && !/\d/.test(after)) return true;
  }
  return false;
}
