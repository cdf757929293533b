import type { LogQuery, ReadLine } from './ports/log-source.ts';

/**
 * Takes secrets out of lines that follow each other, all at once, because a private key spans lines: its lines become one. `redact` takes secrets out of a
 * text.
 */
export function redactLines<T extends { readonly text: string }>(
  lines: readonly T[],
  redact: (text: string) => string,
): readonly T[] {
  if (lines.length === 0) return [];
  const texts = redact(lines.map(({ text }) => text).join('\n')).split('\n');
  let next = 0;
  return texts.flatMap((text, index) => {
    const place = texts.length === lines.length ? index : placeOf(text, lines, next);
    const line = lines[place];
    next = place + 1;
    return line === undefined ? [] : [{ ...line, text }];
  });
}

/** Which line it was, where some have become one: the next that reads the same, else simply the next. */
function placeOf(text: string, lines: readonly { readonly text: string }[], next: number): number {
  const same = lines.findIndex((line, index) => index >= next && line.text === text);
  return same === -1 ? Math.min(next, lines.length - 1) : same;
}

/**
 * Of redacted lines those that the query asks for, oldest first. A text is looked for in what people may see: else a search that finds something
 * would tell that a secret contains it.
 */
export function chooseLines(
  lines: readonly ReadLine[],
  query: Omit<LogQuery, 'namespace' | 'pods'>,
): readonly ReadLine[] {
  const wanted = lines.filter((line) => isWanted(line, query));
  return wanted.toSorted((a, b) => a.at - b.at).slice(-query.limit);
}

function isWanted(
  { at, text, container }: ReadLine,
  { from, to, contains = '', container: only }: Omit<LogQuery, 'namespace' | 'pods'>,
): boolean {
  if (at < from || at >= to) return false;
  return (only === undefined || only === container) && text.toLowerCase().includes(contains.toLowerCase());
}
