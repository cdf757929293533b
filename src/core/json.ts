import { z } from 'zod';

/** Any JSON value. Raw objects of the cluster travel as this until something reads the fields it needs. */
export const Json = z.json();
export type Json = z.infer<typeof Json>;

export type JsonObject = { readonly [key: string]: Json | undefined };

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at `path`, or undefined where any step is missing. */
export function readPath(value: unknown, ...path: readonly string[]): unknown {
  let current: unknown = value;
  for (const step of path) {
    if (!isJsonObject(current)) return undefined;
    current = current[step];
  }
  return current;
}

export function readObject(value: unknown, ...path: readonly string[]): JsonObject {
  const found = readPath(value, ...path);
  return isJsonObject(found) ? found : {};
}

export function readArray(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = readPath(value, ...path);
  return Array.isArray(found) ? found : [];
}

export function readString(value: unknown, ...path: readonly string[]): string | undefined {
  const found = readPath(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

export function readNumber(value: unknown, ...path: readonly string[]): number | undefined {
  const found = readPath(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

/** Kubernetes timestamps (RFC 3339) as epoch milliseconds. */
export function readTime(value: unknown, ...path: readonly string[]): number | undefined {
  const text = readString(value, ...path);
  if (text === undefined) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
