import { parse } from 'yaml';
import { isJsonObject, readString } from '../../src/core/json.ts';
import { badRequest, noSuchPath } from './failure.ts';
import type { Fields } from './objects.ts';
import { findResource, type Resource } from './resources.ts';

/** One request as it came. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
  readonly user: string;
  readonly groups: readonly string[];
}

/** What a path below `/api` or `/apis` asks for. */
export interface Target {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** Undefined for a path that names no known resource. */
export function parseTarget(path: string): Target | undefined {
  const [, root, ...steps] = path.split('/').map((part) => decodeURIComponent(part));
  if (root === 'api') return targetOf('', steps);
  return root === 'apis' ? targetOf(steps[0] ?? '', steps.slice(1)) : undefined;
}

function targetOf(group: string, [version = '', ...parts]: readonly string[]): Target | undefined {
  const namespace = parts[0] === 'namespaces' && parts.length > 2 ? parts[1] : undefined;
  const isPart = namespace !== undefined && !namespaceParts.includes(parts[2] ?? '');
  const [plural = '', name, subresource] = isPart ? parts.slice(2) : parts;
  const resource = findResource(group, version, plural);
  if (resource === undefined) return undefined;
  return { resource, namespace: isPart ? namespace : undefined, name, subresource };
}

/** Subresources of a namespace, not resources in it. */
const namespaceParts = ['status', 'finalize'];

const verbs: Readonly<Record<string, string>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** The verb as access rules and audits name it. */
export function verbOf(request: Pick<ApiRequest, 'method' | 'query'>, target: Target | undefined): string {
  if (target === undefined) return request.method.toLowerCase();
  const verb = verbs[request.method];
  if (verb === 'delete' && target.name === undefined) return 'deletecollection';
  if (verb !== undefined) return verb;
  if (isWatch(request.query)) return 'watch';
  return target.name === undefined ? 'list' : 'get';
}

function isWatch(query: URLSearchParams): boolean {
  return ['1', 'true'].includes(query.get('watch') ?? '');
}

export function isDryRun(query: URLSearchParams): boolean {
  const wanted = query.getAll('dryRun');
  if (wanted.some((value) => value !== 'All')) {
    throw badRequest(`invalid dryRun: Unsupported value: "${wanted.join(',')}": supported values: "All"`);
  }
  return wanted.length > 0;
}

export function contentTypeOf({ headers }: Pick<ApiRequest, 'headers'>): string {
  const value = headers['content-type'];
  return typeof value === 'string' ? (value.split(';')[0] ?? '').trim() : '';
}

export function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest('the object provided is unrecognized (must be of type Object): invalid JSON');
  }
}

export function parseObjectBody(text: string): Fields {
  const parsed = parseBody(text);
  if (isJsonObject(parsed)) return parsed;
  throw badRequest('the object provided is unrecognized (must be of type Object)');
}

/** Server-side apply takes YAML, of which JSON is a part. */
export function parseApplyBody(text: string): Fields {
  const parsed: unknown = parse(text);
  if (isJsonObject(parsed)) return parsed;
  throw badRequest('error decoding YAML: the object provided is unrecognized');
}

export function requireName({ name }: Target): string {
  if (name === undefined) throw noSuchPath();
  return name;
}

/** The writer's name for `managedFields`. */
export function fieldManagerOf({ query, headers }: ApiRequest): string {
  const agent = readString(headers, 'user-agent') ?? 'unknown';
  return query.get('fieldManager') ?? agent.split('/')[0] ?? agent;
}
