const DAY_MS = 86_400_000;

/** A Slack ts ("1700000000.000100", seconds) as a Date. */
export function dateOf(ts: string): Date {
  return new Date(Number(ts) * 1000);
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

function pretty(date: Date): string {
  const days = Math.round((startOfDay(date) - startOfDay(new Date())) / DAY_MS);
  if (days === 0) return 'Today';
  if (days === -1) return 'Yesterday';
  return days === 1 ? 'Tomorrow' : '';
}

export function clock(date: Date): string {
  return date.toLocaleTimeString(undefined, { hour: 'numeric', minute: '2-digit' });
}

export function clockSeconds(date: Date): string {
  return date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
}

export function dayKey(date: Date): string {
  return String(startOfDay(date));
}

export function dayName(date: Date): string {
  return pretty(date) || date.toLocaleDateString(undefined, { weekday: 'long', month: 'long', day: 'numeric' });
}

export function fullTime(date: Date): string {
  return date.toLocaleString(undefined, { dateStyle: 'long', timeStyle: 'medium' });
}

function ago(date: Date): string {
  const minutes = Math.max(0, Math.round((Date.now() - date.getTime()) / 60_000));
  if (minutes < 60) return `${minutes} min ago`;
  return minutes < 2880 ? `${Math.round(minutes / 60)} h ago` : `${Math.round(minutes / 1440)} days ago`;
}

function long(date: Date, weekday: boolean): string {
  return date.toLocaleDateString(undefined, {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    ...(weekday ? { weekday: 'long' } : {}),
  });
}

function short(date: Date): string {
  return date.toLocaleDateString(undefined, { year: 'numeric', month: 'short', day: 'numeric' });
}

const TOKENS: Readonly<Record<string, (date: Date) => string>> = {
  date_num: (date) => date.toISOString().slice(0, 10),
  date: (date) => long(date, false),
  date_short: short,
  date_long: (date) => long(date, true),
  date_pretty: (date) => pretty(date) || long(date, false),
  date_short_pretty: (date) => pretty(date) || short(date),
  date_long_pretty: (date) => pretty(date) || long(date, true),
  time: clock,
  time_secs: (date) => date.toLocaleTimeString(),
  ago,
};

/** Fills Slack's date tokens, e.g. "{date_short_pretty} {time}". Unknown tokens stay as written. */
export function formatDate(date: Date, format: string): string {
  return format.replace(/\{(\w+)\}/g, (whole, token: string) => TOKENS[token]?.(date) ?? whole);
}
