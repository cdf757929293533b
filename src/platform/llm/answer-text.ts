import type { z } from 'zod';
import type { Turn } from './completion.ts';

/** Faults told back to the model at most. */
const mostFaults = 5;

export type Reading<T> =
  | { readonly value: T }
  /** What is wrong with it, in words for the model; never shown to people. */
  | { readonly fault: string };

/** The value in an answer: checked by the schema whatever the server promises of its form. */
export function readAnswer<T>({ content, ended }: Turn, schema: z.ZodType<T>): Reading<T> {
  const found = findObject(content);
  if (found === undefined) {
    return { fault: ended === 'length' ? 'it was cut off; answer in fewer words' : 'it is not one JSON object' };
  }
  const parsed = schema.safeParse(found);
  if (parsed.success) return { value: parsed.data };
  const faults = parsed.error.issues.slice(0, mostFaults).map(({ path, message }) => `${path.join('.')}: ${message}`);
  return { fault: faults.join('; ') };
}

/** The object that the text is, or that it holds: some think aloud first, explain, or wrap it as Markdown. */
function findObject(text: string): object | undefined {
  const said = text.replace(/^\s*<think>[\s\S]*?<\/think>/, '');
  return parseObject(said) ?? parseObject(said.slice(said.indexOf('{'), said.lastIndexOf('}') + 1));
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
