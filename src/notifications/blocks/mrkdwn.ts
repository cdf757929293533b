import { cut } from '../../core/cut.ts';
import { redact } from '../../core/redact.ts';

const fenceMark = '```';

/** Text of the cluster made inert: without secrets, and nothing in it can mention, link, open a code fence or turn into a ping. */
export function escapeText(text: string): string {
  const entities = clean(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return entities.replaceAll(fenceMark, "'''");
}

/** The same on one line, so that it cannot pass for lines of ours. */
export function inline(text: string): string {
  return escapeText(text).replace(/\s+/g, ' ');
}

/** One line of at most `limit` characters for Slack's plain-text places (headers, buttons, dialogs), which show entities as they are. */
export function plainText(text: string, limit: number): string {
  const line = clean(text).replaceAll('<', '‹').replace(/\s+/g, ' ');
  return cut(line, limit, ' …');
}

/** Invisible characters that only serve to deceive: controls but tab and line feed, and marks that turn the reading direction. */
const deceptive = /(?![\t\n])[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu;

/** Text of the cluster as a file shows it: without secrets, halves of characters, and what only serves to deceive. */
export function clean(text: string): string {
  return redact(text).toWellFormed().replace(deceptive, '');
}

/**
 * At most `limit` characters of mrkdwn; cut at the end of a line where one is near, and marked. Never inside a character, an escaped
 * character or a token such as a date; a code fence that was open is closed.
 */
export function truncate(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const room = limit - ` …\n${fenceMark}`.length;
  const head = wholeTokens(cut(text, room, ''));
  const line = head.lastIndexOf('\n');
  const shown = line > room / 2 ? head.slice(0, line) : head;
  const open = shown.split(fenceMark).length % 2 === 0;
  return open ? `${shown}\n…\n${fenceMark}` : `${shown} …`;
}

/** Without the half of an entity or a token at its end. */
function wholeTokens(head: string): string {
  const whole = head.replace(/&[a-z]{0,3}$/, '');
  const opened = whole.lastIndexOf('<');
  return opened > whole.lastIndexOf('>') ? whole.slice(0, opened) : whole;
}

/** Characters that a text takes up in JSON, which is how Slack counts the size of a message. */
export function sizeOf(text: string): number {
  return JSON.stringify(text).length - 2;
}

/**
 * Text in a code fence that it cannot close itself. What is too long loses its oldest lines, because the newest say most. `limit`: characters in
 * JSON, without the fence.
 */
export function fence(text: string, limit: number): string {
  const lines = escapeText(text).split('\n');
  const shown: string[] = [];
  let room = limit - 2;
  for (const line of lines.toReversed()) {
    room -= sizeOf(line) + 2;
    if (room < 0) break;
    shown.unshift(line);
  }
  const newest = shown.length === 0 ? [cutLine(lines.at(-1) ?? '', limit - 4)] : shown;
  const omitted = newest.length < lines.length ? ['…'] : [];
  return [fenceMark, ...omitted, ...newest, fenceMark].join('\n');
}

/** The beginning of one line that alone is too long. */
function cutLine(line: string, limit: number): string {
  let length = Math.min(line.length, limit);
  while (sizeOf(line.slice(0, length)) > limit) length = Math.floor(length * 0.9);
  return length === line.length ? line : `${wholeTokens(cut(line, length, ''))} …`;
}

/** A moment in the reader's own time zone; UTC where the client cannot. `at`: epoch milliseconds. */
export function formatTime(at: number): string {
  const utc = `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `<!date^${Math.floor(at / 1000)}^{date_short_pretty} {time_secs}|${utc}>`;
}

/** The same to the minute, for what need not be exact. */
export function formatMinute(at: number): string {
  return formatTime(at).replace('{time_secs}', '{time}');
}

/** For plain texts and the fallback: `10:04 UTC`. */
export function formatPlainTime(at: number): string {
  return `${new Date(at).toISOString().slice(11, 16)} UTC`;
}

/** `45 s`, `12 min`, `3 h`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

/** Calls the members of a user group by its id. */
export function formatGroup(id: string): string {
  return `<!subteam^${id}>`;
}

/** A person by Slack id; Lifeguard itself by name. */
export function formatPerson(by: string): string {
  return /^[UW][A-Z0-9_]+$/.test(by) ? `<@${by}>` : escapeText(by === 'lifeguard' ? 'Lifeguard (auto)' : by);
}
