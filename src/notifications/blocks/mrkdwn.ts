/** Text of the cluster made inert: nothing in it can mention, link or format a channel name into a ping. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** At most `limit` characters; cut at the end of a line where one is near, and marked. Never inside an escaped character. */
export function truncate(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const cut = text.slice(0, limit - 2).replace(/&[a-z]{0,3}$/, '');
  const line = cut.lastIndexOf('\n');
  return `${line > limit / 2 ? cut.slice(0, line) : cut} …`;
}

/** Text in a code fence that it cannot close itself; the end is kept when it is too long, because the newest lines say most. */
export function fence(text: string, limit: number): string {
  const inert = escapeText(text).replaceAll('```', "'''");
  const shown = inert.length <= limit ? inert : `… ${inert.slice(-(limit - 2)).replace(/^[^\n]*\n/, '')}`;
  return `\`\`\`\n${shown}\n\`\`\``;
}

/** A moment in the reader's own time zone; UTC where the client cannot. `at`: epoch milliseconds. */
export function formatTime(at: number): string {
  const utc = `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `<!date^${Math.floor(at / 1000)}^{date_short_pretty} {time_secs}|${utc}>`;
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

/** A person by Slack id; Lifeguard itself by name. */
export function formatPerson(by: string): string {
  return /^[UW][A-Z0-9_]+$/.test(by) ? `<@${by}>` : escapeText(by === 'lifeguard' ? 'Lifeguard (auto)' : by);
}
