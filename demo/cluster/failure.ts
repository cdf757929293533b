import type { Fields } from './objects.ts';
import { qualifiedName, type Resource } from './resources.ts';

export interface StatusBody extends Fields {
  readonly code: number;
  readonly message: string;
}

interface Details {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details?: Fields;
}

export function statusBody({ code, reason, message, details }: Details): StatusBody {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason === '' ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  };
}

/** What the API answers in place of a result. */
export class ApiFailure extends Error {
  readonly body: StatusBody;
  readonly headers: Readonly<Record<string, string>>;

  constructor(details: Details, headers: Readonly<Record<string, string>> = {}) {
    super(details.message);
    this.body = statusBody(details);
    this.headers = headers;
  }
}

export function notFound(resource: Resource, name: string): ApiFailure {
  return new ApiFailure({
    code: 404,
    reason: 'NotFound',
    message: `${qualifiedName(resource)} "${name}" not found`,
    details: detailsOf(resource, name),
  });
}

export function noSuchPath(): ApiFailure {
  const message = 'the server could not find the requested resource';
  return new ApiFailure({ code: 404, reason: 'NotFound', message, details: {} });
}

export function alreadyExists(resource: Resource, name: string): ApiFailure {
  return new ApiFailure({
    code: 409,
    reason: 'AlreadyExists',
    message: `${qualifiedName(resource)} "${name}" already exists`,
    details: detailsOf(resource, name),
  });
}

const modified = 'the object has been modified; please apply your changes to the latest version and try again';

export function conflict(resource: Resource, name: string, reason: string = modified): ApiFailure {
  return new ApiFailure({
    code: 409,
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on ${qualifiedName(resource)} "${name}": ${reason}`,
    details: detailsOf(resource, name),
  });
}

export function badRequest(message: string): ApiFailure {
  return new ApiFailure({ code: 400, reason: 'BadRequest', message });
}

/** A patch that cannot be carried out; the real server gives no causes and hides the reason. */
export function patchMisfit(): ApiFailure {
  const message = 'the server rejected our request due to an error in our request';
  return new ApiFailure({ code: 422, reason: 'Invalid', message, details: {} });
}

export interface Cause extends Fields {
  readonly reason: 'FieldValueInvalid' | 'FieldValueRequired' | 'FieldValueForbidden' | 'FieldValueNotSupported';
  readonly message: string;
  readonly field: string;
}

export function invalidValue(field: string, value: unknown, why: string): Cause {
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: ${why}`, field };
}

export function required(field: string): Cause {
  return { reason: 'FieldValueRequired', message: 'Required value', field };
}

export function invalid(resource: Resource, name: string, causes: readonly Cause[]): ApiFailure {
  const kind = resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
  const texts = causes.map((cause) => `${cause.field}: ${cause.message}`);
  const text = texts.length === 1 ? texts.join('') : `[${texts.join(', ')}]`;
  return new ApiFailure({
    code: 422,
    reason: 'Invalid',
    message: `${kind} "${name}" is invalid: ${text}`,
    details: { ...(name === '' ? {} : { name }), ...groupOf(resource), kind: resource.kind, causes },
  });
}

type OptionsKind = 'ListOptions' | 'CreateOptions' | 'UpdateOptions' | 'PatchOptions' | 'DeleteOptions';

/** What the query asks for makes no sense. */
export function invalidOptions(kind: OptionsKind, cause: Cause): ApiFailure {
  return new ApiFailure({
    code: 422,
    reason: 'Invalid',
    message: `${kind}.meta.k8s.io "" is invalid: ${cause.field}: ${cause.message}`,
    details: { group: 'meta.k8s.io', kind, causes: [cause] },
  });
}

/** A disruption budget that allows no disruption now. */
export function budgetSpent(name: string, needed: number, healthy: number): ApiFailure {
  return budgetFailure(`The disruption budget ${name} needs ${needed} healthy pods and has ${healthy} currently`);
}

/** A disruption budget that its controller has not looked at yet. */
export function budgetProcessing(name: string): ApiFailure {
  return budgetFailure(`The disruption budget ${name} is still being processed by the server.`, 10);
}

function budgetFailure(message: string, retryAfterSeconds?: number): ApiFailure {
  const causes = [{ reason: 'DisruptionBudget', message }];
  return new ApiFailure(
    {
      code: 429,
      reason: 'TooManyRequests',
      message: "Cannot evict pod as it would violate the pod's disruption budget.",
      details: { causes, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) },
    },
    retryAfterSeconds === undefined ? {} : { 'retry-after': `${retryAfterSeconds}` },
  );
}

export function methodNotAllowed(): ApiFailure {
  return new ApiFailure({
    code: 405,
    reason: 'MethodNotAllowed',
    message: 'the server does not allow this method on the requested resource',
    details: {},
  });
}

/** Nobody has seen this version yet. */
export function tooLargeVersion(asked: number, now: number): ApiFailure {
  const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }];
  const details = { causes, retryAfterSeconds: 1 };
  const message = `Timeout: Too large resource version: ${asked}, current: ${now}`;
  return new ApiFailure({ code: 504, reason: 'Timeout', message, details }, { 'retry-after': '1' });
}

export function unsupportedBody(accepted: readonly string[]): ApiFailure {
  return new ApiFailure({
    code: 415,
    reason: 'UnsupportedMediaType',
    message: `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  });
}

export function expired(message: string): ApiFailure {
  return new ApiFailure({ code: 410, reason: 'Expired', message });
}

function detailsOf(resource: Resource, name: string): Fields {
  return { name, ...groupOf(resource), kind: resource.plural };
}

function groupOf({ group }: Resource): Fields {
  return group === '' ? {} : { group };
}
