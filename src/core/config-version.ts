import { z } from 'zod';
import { type JsonObject, readObject } from './json.ts';

const Texts = z.record(z.string(), z.string());

/** What a ConfigMap holds; keys in alphabetical order, so that the same content is the same text. `binaryData` is base64. */
export const ConfigContent = z.object({ data: Texts, binaryData: Texts });
export type ConfigContent = Readonly<z.infer<typeof ConfigContent>>;

/** A content that a ConfigMap has had. */
export interface ConfigVersion {
  /** 1, 2, 3, …; content that comes again takes a new number, as a revision of a Deployment does. */
  readonly version: number;
  /** Epoch milliseconds at which it was first seen under this number. */
  readonly at: number;
  readonly content: ConfigContent;
}

/** How many different contents are kept of a ConfigMap, the present one included. */
export const mostVersions = 10;

/** From an object as the API server has it. */
export function readConfigContent(raw: unknown): ConfigContent {
  return { data: sorted(readObject(raw, 'data')), binaryData: sorted(readObject(raw, 'binaryData')) };
}

function sorted(texts: JsonObject): Readonly<Record<string, string>> {
  const pairs = Object.entries(texts).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(pairs.flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])));
}
