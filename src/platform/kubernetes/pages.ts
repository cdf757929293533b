import { hasCode } from '../../core/errors.ts';
import { isJsonObject, type JsonObject, readArray, readString } from '../../core/json.ts';
import type { Collection } from '../../core/ports/cluster-reader.ts';
import type { HttpClient } from './http-client.ts';

export interface PageRequest {
  readonly collection: Collection;
  /** Called for each object of each page, in order; a restart (see below) calls `onRestart` first. */
  readonly onItem: (raw: JsonObject) => void;
  /** The server forgot the list between two pages: what was read so far is void. */
  readonly onRestart: () => void;
  readonly signal?: AbortSignal;
}

const pageSize = 500;
/** For one page; a busy API server is slow with lists first. */
const timeoutMs = 30_000;
/** Reading 10,000 pods takes seconds and the server keeps a list for minutes, so a second restart is already odd. */
const mostRestarts = 3;

/** Reads a whole collection page by page and answers the version to watch from. Throws `cluster-*` errors. */
export async function readPages(http: HttpClient, request: PageRequest): Promise<string> {
  for (let restarts = 0; ; restarts += 1) {
    try {
      return await readOnce(http, request);
    } catch (error) {
      if (!hasCode(error, 'cluster-expired') || restarts === mostRestarts) throw error;
      request.onRestart();
    }
  }
}

async function readOnce(http: HttpClient, { collection, onItem, signal }: PageRequest): Promise<string> {
  let version: string | undefined;
  let next: string | undefined;
  do {
    const page = await http.json({
      path: collection.path,
      query: { ...selectorsOf(collection), limit: String(pageSize), continue: next },
      ...acceptFor(collection, 'PartialObjectMetadataList'),
      timeoutMs,
      ...(signal === undefined ? {} : { signal }),
    });
    for (const item of readArray(page, 'items')) if (isJsonObject(item)) onItem(item);
    version ??= readString(page, 'metadata', 'resourceVersion');
    next = nonEmpty(readString(page, 'metadata', 'continue'));
  } while (next !== undefined);
  return version ?? '';
}

export function selectorsOf({ labelSelector, fieldSelector }: Collection): Record<string, string | undefined> {
  return { labelSelector, fieldSelector };
}

/** What is asked of the server; one that cannot send metadata alone refuses (406), so that what objects hold is not sent instead. */
export function acceptFor(
  { metadataOnly = false }: Collection,
  kind: 'PartialObjectMetadata' | 'PartialObjectMetadataList',
): { readonly accept?: string } {
  return metadataOnly ? { accept: `application/json;as=${kind};g=meta.k8s.io;v=v1` } : {};
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
