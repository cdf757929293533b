const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** UTF-16 units looked at on each side of a place. What people see as one character is longer only where someone plays with it. */
const reach = 64;

/**
 * The beginning of a text that is longer than `limit` UTF-16 units, `ending` included; any other text as it is. Never ends inside what people see as
 * one character (UAX #29), but for one of more than 64 units, which may end between two code points.
 */
export function cut(text: string, limit: number, ending = '…'): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, characterAt(text, limit - ending.length).begin)}${ending}`;
}

/** The same for the end of a text: what comes before it is `…`. */
export function cutStart(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `…${text.slice(characterAt(text, text.length - limit + 1).end)}`;
}

const gap = '\n[…]\n';

/** The same for both ends: `share` of the limit, 0 to 1, is for the beginning. What is between them stands as `[…]` on a line of its own. */
export function cutMiddle(text: string, limit: number, share = 0.5): string {
  if (text.length <= limit) return text;
  const room = Math.max(0, limit - gap.length);
  const head = Math.floor(room * share);
  const tail = text.length - (room - head);
  return `${text.slice(0, characterAt(text, head).begin)}${gap}${text.slice(characterAt(text, tail).end)}`;
}

/** Where the character that `place` is inside of begins and ends; both are `place` where that is between two characters. */
function characterAt(text: string, place: number): { readonly begin: number; readonly end: number } {
  if (place <= 0) return { begin: 0, end: 0 };
  if (place >= text.length) return { begin: text.length, end: text.length };
  if (printable.test(text.slice(place - 1, place + 1))) return { begin: place, end: place };
  const from = Math.max(0, place - reach);
  const { index = 0, segment = '' } = graphemes.segment(text.slice(from, place + reach)).containing(place - from) ?? {};
  if (segment.length > reach) return codePointAt(text, place);
  const begin = from + index;
  return { begin, end: begin === place ? place : begin + segment.length };
}

function codePointAt(text: string, place: number): { readonly begin: number; readonly end: number } {
  const isInside = (text.codePointAt(place - 1) ?? 0) > 0xffff;
  return isInside ? { begin: place - 1, end: place + 1 } : { begin: place, end: place };
}

/** Nothing of ASCII joins what is beside it but a line end; most places are decided here. */
const printable = /^[ -~]{2}$/;
