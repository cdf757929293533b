import type { z } from 'zod';
import { LifeguardError } from '../../core/errors.ts';

interface Stored<T> {
  /** Where it is stored, for the error. */
  readonly key: string;
  readonly text: string;
  readonly schema: z.ZodType<T>;
}

/** Reads what was stored as JSON. Damaged or of another shape it is a `record-conflict`, which trying again does not mend. */
export function parseStored<T>({ key, text, schema }: Stored<T>): T {
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues[0]?.path.join('.') || 'not the JSON it should be';
  throw new LifeguardError(`The record ${key} cannot be read (${where}).`, {
    code: 'record-conflict',
    retry: 'permanent',
  });
}

/** What the text says; undefined where it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
