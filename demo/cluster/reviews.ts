import { readArray, readObject, readString } from '../../src/core/json.ts';
import type { Access, Requester } from './access.ts';
import { type Answer, jsonAnswer } from './answers.ts';
import { invalid, noSuchPath } from './failure.ts';
import { type Fields, merged } from './objects.ts';
import { type ApiRequest, parseObjectBody } from './request.ts';
import { resourceOfKind } from './resources.ts';

const kinds: Readonly<Record<string, string>> = {
  selfsubjectaccessreviews: 'SelfSubjectAccessReview',
  subjectaccessreviews: 'SubjectAccessReview',
};

export const reviewRoot = '/apis/authorization.k8s.io/v1/';

/** Answers whether somebody may do something. Everybody may ask about themselves. */
export function review(access: Access, request: ApiRequest): Answer {
  const kind = kinds[request.path.slice(reviewRoot.length)];
  if (kind === undefined || request.method !== 'POST') throw noSuchPath();
  const body = parseObjectBody(request.body);
  const spec = readObject(body, 'spec');
  const attributes = readObject(spec, 'resourceAttributes');
  if (Object.keys(attributes).length === 0 && Object.keys(readObject(spec, 'nonResourceAttributes')).length === 0) {
    throw invalidReview(kind);
  }
  const allowed = isAllowed(access, kind === 'SelfSubjectAccessReview' ? request : askedAbout(spec), attributes);
  const status = merged({ allowed }, { reason: allowed ? 'RBAC: allowed' : undefined });
  const answer = { kind, apiVersion: 'authorization.k8s.io/v1', metadata: { creationTimestamp: null }, spec, status };
  return jsonAnswer(201, answer);
}

function askedAbout(spec: Fields): Requester {
  const groups = readArray(spec, 'groups').filter((group) => typeof group === 'string');
  return { user: readString(spec, 'user') ?? '', groups };
}

function isAllowed(access: Access, { user, groups }: Requester, attributes: Fields): boolean {
  if (Object.keys(attributes).length === 0) return true;
  const resource = readString(attributes, 'resource') ?? '';
  const subresource = readString(attributes, 'subresource') ?? '';
  return access.isAllowed({
    user,
    groups,
    verb: readString(attributes, 'verb') ?? '',
    group: readString(attributes, 'group') ?? '',
    resource: subresource === '' ? resource : `${resource}/${subresource}`,
    namespace: nonEmpty(readString(attributes, 'namespace')),
    name: nonEmpty(readString(attributes, 'name')),
  });
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function invalidReview(kind: string) {
  const pod = resourceOfKind('v1', 'Pod');
  if (pod === undefined) return noSuchPath();
  const review = { ...pod, group: 'authorization.k8s.io', kind, plural: `${kind.toLowerCase()}s` };
  return invalid(review, '', [
    {
      reason: 'FieldValueInvalid',
      message: 'Invalid value: exactly one of nonResourceAttributes or resourceAttributes must be specified',
      field: 'spec.resourceAttributes',
    },
  ]);
}
