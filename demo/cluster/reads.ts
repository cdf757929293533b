import { ApiFailure, badRequest, expired, notFound } from './failure.ts';
import { parseListOptions } from './list-options.ts';
import { type ApiRequest, requireName, type Target } from './request.ts';
import { apiVersionOf, type Resource } from './resources.ts';
import { fieldMatcher, labelMatcher, type Matcher } from './selectors.ts';
import type { Store } from './store.ts';
import { partialMeta, type Stored } from './stored.ts';

/** Reads of objects and lists, the latter page by page from one moment. */
export interface Reads {
  get(target: Target): Stored;
  list(target: Target, query: URLSearchParams, form: Form): string;
  /** Forgets what lists under way still have to bring. */
  forgetLists(): void;
}

interface Rest {
  readonly version: number;
  readonly items: readonly Stored[];
}

const mostRests = 200;

export function createReads(store: Store): Reads {
  const rests = new Map<string, Rest>();
  let made = 0;

  function keep(rest: Rest): string {
    made += 1;
    const token = Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: rest.version, start: made })).toString(
      'base64url',
    );
    rests.set(token, rest);
    const [oldest] = rests.keys();
    if (rests.size > mostRests && oldest !== undefined) rests.delete(oldest);
    return token;
  }

  function restOf(token: string): Rest {
    const rest = rests.get(token);
    if (rest !== undefined) return rest;
    if (!isToken(token)) throw badRequest('invalid continue token: continue key is not valid');
    throw expired(
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    );
  }

  function startList(target: Target, query: URLSearchParams, exactly: number | undefined): Rest {
    const matches = matcherOf(target, query);
    const all = exactly === undefined ? store.list(target.resource, target.namespace) : listAt(target, exactly);
    return {
      version: exactly ?? store.version(),
      items: matches === undefined ? all : all.filter(({ object }) => matches(object)),
    };
  }

  function listAt({ resource, namespace }: Target, version: number): readonly Stored[] {
    const all = store.at(resource, version);
    if (all === undefined) throw expired('The resourceVersion for the provided list is too old.');
    return all.filter(({ object }) => namespace === undefined || object.metadata.namespace === namespace);
  }

  return {
    get(target) {
      const name = requireName(target);
      const stored = store.get(target.resource, target.namespace, name);
      if (stored === undefined) throw notFound(target.resource, name);
      return stored;
    },
    list(target, query, form) {
      const token = query.get('continue') ?? '';
      const { limit, exactly } = parseListOptions(query, store.version());
      const { version, items } = token === '' ? startList(target, query, exactly) : restOf(token);
      const page = limit === 0 ? items : items.slice(0, limit);
      const left = items.slice(page.length);
      const metadata = {
        resourceVersion: String(version),
        ...(left.length === 0 ? {} : { continue: keep({ version, items: left }) }),
        ...(left.length === 0 || isSelective(query) ? {} : { remainingItemCount: left.length }),
      };
      return form === 'whole' ? listText(target.resource, metadata, page) : partialListText(metadata, page);
    },
    forgetLists: () => rests.clear(),
  };
}

function listText(resource: Resource, metadata: object, page: readonly Stored[]): string {
  const head = JSON.stringify({ kind: `${resource.kind}List`, apiVersion: apiVersionOf(resource), metadata });
  return `${head.slice(0, -1)},"items":[${page.map((stored) => stored.itemText()).join(',')}]}`;
}

function partialListText(metadata: object, page: readonly Stored[]): string {
  const head = JSON.stringify({ ...partialMeta, kind: `${partialMeta.kind}List`, metadata });
  return `${head.slice(0, -1)},"items":[${page.map((stored) => stored.metadataText()).join(',')}]}`;
}

function isSelective(query: URLSearchParams): boolean {
  return (query.get('labelSelector') ?? '') !== '' || (query.get('fieldSelector') ?? '') !== '';
}

function isToken(text: string): boolean {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return typeof parsed === 'object' && parsed !== null && 'start' in parsed;
  } catch {
    return false;
  }
}

/** What of a collection is wanted; undefined for all of it. */
export function matcherOf({ resource, name }: Target, query: URLSearchParams): Matcher | undefined {
  const matchers = [
    labelMatcher(query.get('labelSelector') ?? undefined),
    fieldMatcher(resource, query.get('fieldSelector') ?? undefined),
    name === undefined ? undefined : fieldMatcher(resource, `metadata.name=${name}`),
  ].filter((matcher) => matcher !== undefined);
  if (matchers.length === 0) return undefined;
  return (object) => matchers.every((matches) => matches(object));
}

/** How much of an object is wanted. */
export type Form = 'whole' | 'metadata';

/** What the request accepts. Throws 406 for what the server cannot write; JSON and what falls back to it is fine. */
export function formOf({ headers }: Pick<ApiRequest, 'headers'>, verb: string): Form {
  const accept = headers['accept'];
  if (typeof accept !== 'string' || accept === '') return 'whole';
  const [, kind] = /^application\/json;as=(PartialObjectMetadata(?:List)?);g=meta\.k8s\.io;v=v1$/.exec(accept) ?? [];
  if (kind === partialMeta.kind && verb === 'list')
    throw notAcceptable('you requested PartialObjectMetadata, but the requested object is a list');
  if (kind !== undefined) return 'metadata';
  if (/json(?!;as=)|\*\/\*/.test(accept)) return 'whole';
  throw notAcceptable(
    'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf',
  );
}

function notAcceptable(message: string): ApiFailure {
  return new ApiFailure({ code: 406, reason: 'NotAcceptable', message });
}
