import { type Access, forbiddenFailure, type Requester } from './access.ts';
import { type Answer, jsonAnswer, objectAnswer, textAnswer } from './answers.ts';
import { type ChangeTools, create, patch, remove, update } from './changes.ts';
import { discover } from './discovery.ts';
import { evict } from './evictions.ts';
import { methodNotAllowed, noSuchPath } from './failure.ts';
import type { LogReading } from './logs.ts';
import { type Form, formOf } from './reads.ts';
import { type ApiRequest, parseTarget, type Target, verbOf } from './request.ts';
import { type Resource, resources } from './resources.ts';
import { review, reviewRoot } from './reviews.ts';
import { readScale } from './scale.ts';
import type { Store } from './store.ts';
import type { Watching } from './watches.ts';

export interface ApiTools extends ChangeTools {
  readonly access: Access;
  readonly openLog: (target: Target, query: URLSearchParams) => LogReading;
  /** A token for the service account that `target` names. */
  readonly issueToken: (target: Target) => object;
}

/** An answer, or the collection whose watch the caller shall open, or the log that it shall follow. */
export type Outcome = Answer | Watching | { readonly log: LogReading };

/** Answers one request of a known user. Throws `ApiFailure`. */
export function answerRequest(tools: ApiTools, request: ApiRequest): Outcome {
  const { path } = request;
  if (path.startsWith(reviewRoot) && path.length > reviewRoot.length) return review(tools.access, request);
  if (['/healthz', '/livez', '/readyz'].includes(path)) return textAnswer(200, 'ok');
  const target = parseTarget(path);
  if (target === undefined || !isServed(tools.store, target.resource)) {
    const found = request.method === 'GET' ? discover(path.replace(/\/$/, '')) : undefined;
    if (found === undefined) throw noSuchPath();
    return jsonAnswer(200, found);
  }
  const verb = verbOf(request, target);
  const { user, groups } = request;
  checkAllowed(tools.access, { user, groups, verb }, target);
  return act(tools, { request, verb, target, form: formOf(request, verb) });
}

function isServed(store: Store, { addOn, group }: Resource): boolean {
  return !addOn || resources.some((one) => one.group === group && store.list(one).length > 0);
}

interface Act {
  readonly request: ApiRequest;
  readonly verb: string;
  readonly target: Target;
  readonly form: Form;
}

function act(tools: ApiTools, { request, verb, target, form }: Act): Outcome {
  switch (verb) {
    case 'get':
      return form === 'whole' ? read(tools, request, target) : jsonAnswer(200, tools.reads.get(target).metadataText());
    case 'list':
      return jsonAnswer(200, tools.reads.list(target, request.query, form));
    case 'watch':
      return { watch: target, form };
    case 'create':
      return createPart(tools, request, target);
    case 'update':
      return update(tools, request, target);
    case 'patch':
      return patch(tools, request, target);
    case 'delete':
    case 'deletecollection':
      return remove(tools, request, target);
    default:
      throw methodNotAllowed();
  }
}

function createPart(tools: ApiTools, request: ApiRequest, target: Target): Answer {
  switch (target.subresource) {
    case 'token':
      return jsonAnswer(201, tools.issueToken(target));
    case 'eviction':
      return evict(tools, request, target);
    default:
      return create(tools, request, target);
  }
}

function read(tools: ApiTools, request: ApiRequest, target: Target): Answer | { readonly log: LogReading } {
  switch (target.subresource) {
    case undefined:
    case 'status':
    case 'resize':
      return objectAnswer(200, tools.reads.get(target));
    case 'scale':
      return jsonAnswer(200, readScale(tools.reads.get(target)));
    case 'log':
      return { log: tools.openLog(target, request.query) };
    default:
      throw noSuchPath();
  }
}

function checkAllowed(access: Access, asked: Requester & { readonly verb: string }, target: Target): void {
  const { resource, namespace, name, subresource } = target;
  const plural = subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`;
  const question = { ...asked, group: resource.group, resource: plural, namespace, name };
  if (!access.isAllowed(question)) throw forbiddenFailure(asked, target);
}
