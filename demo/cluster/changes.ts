import { isJsonObject, readObject, readString } from '../../src/core/json.ts';
import { type Answer, jsonAnswer, objectAnswer } from './answers.ts';
import { badRequest, noSuchPath } from './failure.ts';
import { applyFields, ownChanges } from './managed-fields.ts';
import { type Fields, merged } from './objects.ts';
import { patchObject, patchTypes } from './patches.ts';
import type { Reads } from './reads.ts';
import { matcherOf } from './reads.ts';
import { removalOptions, removalOptionsOfQuery, removalText, removeObject } from './removals.ts';
import {
  type ApiRequest,
  contentTypeOf,
  fieldManagerOf,
  isDryRun,
  parseApplyBody,
  parseBody,
  parseObjectBody,
  requireName,
  type Target,
} from './request.ts';
import { resized } from './resize.ts';
import { apiVersionOf } from './resources.ts';
import { readScale, writeScale } from './scale.ts';
import type { Store } from './store.ts';
import type { Stored } from './stored.ts';
import type { Writes } from './writes.ts';

export interface ChangeTools {
  readonly store: Store;
  readonly reads: Reads;
  readonly writes: Writes;
}

export function create({ writes }: ChangeTools, request: ApiRequest, target: Target): Answer {
  if (target.name !== undefined) throw noSuchPath();
  const fields = inNamespace(target, checkKind(target, parseObjectBody(request.body)));
  const owned = ownChanges(
    {},
    { apiVersion: apiVersionOf(target.resource), ...fields },
    { manager: fieldManagerOf(request) },
  );
  return objectAnswer(201, writes.create(target.resource, owned, { dryRun: isDryRun(request.query) }));
}

export function update(tools: ChangeTools, request: ApiRequest, target: Target): Answer {
  const stored = tools.reads.get(target);
  const fields = checkKind(target, parseObjectBody(request.body), target.subresource === 'scale');
  const given = readString(fields, 'metadata', 'name');
  if (given !== undefined && given !== target.name) {
    throw badRequest(`the name of the object (${given}) does not match the name on the URL (${target.name})`);
  }
  return write(tools, { request, target, stored }, fields);
}

export function patch(tools: ChangeTools, request: ApiRequest, target: Target): Answer {
  if (contentTypeOf(request) === patchTypes.apply) return apply(tools, request, target);
  const stored = tools.reads.get(target);
  const before = target.subresource === 'scale' ? readScale(stored) : stored.object;
  const fields = patchObject(before, contentTypeOf(request), parseBody(request.body));
  return write(tools, { request, target, stored }, fields);
}

/** Server-side apply: creates what is not there. */
function apply(tools: ChangeTools, request: ApiRequest, target: Target): Answer {
  const wanted = inNamespace(target, checkKind(target, parseApplyBody(request.body)));
  const manager = request.query.get('fieldManager');
  if (manager === null || manager === '') {
    throw badRequest(
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
  }
  const force = request.query.get('force') === 'true';
  const stored = tools.store.get(target.resource, target.namespace, requireName(target));
  const metadata = { ...readObject(wanted, 'metadata'), name: requireName(target) };
  const fields = applyFields({ live: stored?.object ?? {}, wanted: { ...wanted, metadata }, manager, force });
  const dryRun = isDryRun(request.query);
  if (stored === undefined) return objectAnswer(201, tools.writes.create(target.resource, fields, { dryRun }));
  return objectAnswer(200, tools.writes.replace(stored, fields, { dryRun }));
}

interface Written {
  readonly request: ApiRequest;
  readonly target: Target;
  readonly stored: Stored;
}

function write({ writes }: ChangeTools, written: Written, fields: Fields): Answer {
  const { request, target, stored } = written;
  const dryRun = isDryRun(request.query);
  switch (target.subresource) {
    case undefined:
      return objectAnswer(200, writes.replace(stored, owned(written, fields), { dryRun }));
    case 'status':
      return objectAnswer(200, writes.replace(stored, fields, { dryRun, status: true }));
    case 'resize':
      return objectAnswer(
        200,
        writes.replace(stored, owned(written, resized(stored, fields)), { dryRun, resize: true }),
      );
    case 'scale':
      return jsonAnswer(200, readScale(writes.replace(stored, owned(written, writeScale(stored, fields)), { dryRun })));
    default:
      throw noSuchPath();
  }
}

function owned({ request, target, stored }: Written, fields: Fields): Fields {
  return ownChanges(stored.object, fields, { manager: fieldManagerOf(request), subresource: target.subresource });
}

export function remove({ store, reads }: ChangeTools, request: ApiRequest, target: Target): Answer {
  const options =
    request.body === '' ? removalOptionsOfQuery(request.query) : removalOptions(parseObjectBody(request.body));
  if (target.name !== undefined) return jsonAnswer(200, removalText(removeObject(store, reads.get(target), options)));
  const matches = matcherOf(target, request.query);
  const found = store.list(target.resource, target.namespace);
  const wanted = matches === undefined ? found : found.filter(({ object }) => matches(object));
  for (const stored of wanted) removeObject(store, stored, options);
  const head = { kind: `${target.resource.kind}List`, apiVersion: apiVersionOf(target.resource) };
  const metadata = { resourceVersion: String(store.version()) };
  return jsonAnswer(200, { ...head, metadata, items: wanted.map(({ object }) => object) });
}

/** Body and path must agree on what it is. */
function checkKind({ resource }: Target, fields: Fields, isScale = false): Fields {
  const kind = readString(fields, 'kind');
  const apiVersion = readString(fields, 'apiVersion');
  if (isScale || kind === undefined || (kind === resource.kind && apiVersion === apiVersionOf(resource))) return fields;
  const version = apiVersion ?? '';
  throw badRequest(
    `${kind} in version "${version.split('/').at(-1)}" cannot be handled as a ${resource.kind}: converting (${version}).${kind} to (${apiVersionOf(resource)}).${resource.kind}: unknown conversion`,
  );
}

function inNamespace({ resource, namespace }: Target, fields: Fields): Fields {
  const metadata = readObject(fields, 'metadata');
  if (!resource.namespaced) return { ...fields, metadata: merged(metadata, { namespace: undefined }) };
  const given = metadata['namespace'];
  if (given !== undefined && given !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  return isJsonObject(fields) ? { ...fields, metadata: { ...metadata, namespace } } : fields;
}
