// The page trusts nothing about the shape of what it receives: a missing or odd field reads as empty.
export type Json = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function record(value: unknown): Json {
  return isRecord(value) ? value : {};
}

export function text(source: Json, key: string): string {
  const value = source[key];
  return typeof value === 'string' ? value : '';
}

export function number(source: Json, key: string): number {
  const value = source[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

export function flag(source: Json, key: string): boolean {
  return source[key] === true;
}

export function list(source: Json, key: string): readonly unknown[] {
  const value = source[key];
  return Array.isArray(value) ? value : [];
}

export function records(source: Json, key: string): readonly Json[] {
  return list(source, key).filter(isRecord);
}

/** The words of a Slack text object, or of a plain string. */
export function words(value: unknown): string {
  return typeof value === 'string' ? value : text(record(value), 'text');
}

export function strings(source: Json, key: string): readonly string[] {
  return list(source, key).filter((item) => typeof item === 'string');
}
