import { readArray, readString } from '../../src/core/json.ts';
import { ApiFailure } from './failure.ts';
import { type Fields, fieldsIn } from './objects.ts';
import type { Target } from './request.ts';
import { clusterRoleBindings, clusterRoles, qualifiedName, roleBindings, roles } from './resources.ts';
import type { Store } from './store.ts';

/** Takes rights away from everybody, administrators too; what is left out means any. */
export interface Forbidden {
  readonly verb?: string;
  /** Plural, with its subresource: `pods`, `pods/log`. */
  readonly resource: string;
  readonly namespace?: string;
}

/** As whom a request is made. */
export interface Requester {
  readonly user: string;
  readonly groups: readonly string[];
}

interface Question extends Requester {
  readonly verb: string;
  readonly group: string;
  /** Plural, with its subresource. */
  readonly resource: string;
  /** Undefined: the whole cluster. */
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

export interface Access {
  isAllowed(question: Question): boolean;
  /** Adds to what is forbidden; null lifts everything. */
  forbid(rule: Forbidden | null): void;
}

export const adminUser = 'kubernetes-admin';

/** Its members may do everything, whatever the roles say. */
const masters = 'system:masters';

/** Administrators may do everything, others what roles bound to them allow. */
export function createAccess(store: Store): Access {
  let forbidden: readonly Forbidden[] = [];

  function rulesFor({ namespace, ...requester }: Question): readonly Fields[] {
    const everywhere = store.list(clusterRoleBindings);
    const here = namespace === undefined ? [] : store.list(roleBindings, namespace);
    return [...everywhere, ...here]
      .map(({ object }) => object)
      .filter((binding) => fieldsIn(readArray(binding, 'subjects')).some((subject) => isSubject(subject, requester)))
      .flatMap((binding) => rulesOf(binding, namespace));
  }

  function rulesOf(binding: Fields, namespace: string | undefined): readonly Fields[] {
    const name = readString(binding, 'roleRef', 'name') ?? '';
    const isCluster = readString(binding, 'roleRef', 'kind') === 'ClusterRole';
    const role = isCluster ? store.get(clusterRoles, undefined, name) : store.get(roles, namespace, name);
    return fieldsIn(readArray(role?.object, 'rules'));
  }

  return {
    isAllowed(question) {
      if (forbidden.some((rule) => isForbidden(rule, question))) return false;
      if (question.user === adminUser || question.groups.includes(masters)) return true;
      return rulesFor(question).some((rule) => allows(rule, question));
    },
    forbid(rule) {
      forbidden = rule === null ? [] : [...forbidden, rule];
    },
  };
}

function isForbidden({ verb, resource, namespace }: Forbidden, question: Question): boolean {
  if (verb !== undefined && verb !== question.verb) return false;
  if (namespace !== undefined && namespace !== question.namespace) return false;
  return resource === question.resource;
}

function isSubject(subject: Fields, { user, groups }: Requester): boolean {
  if (subject['kind'] === 'User') return subject['name'] === user;
  if (subject['kind'] === 'Group') return groups.some((group) => group === subject['name']);
  return `system:serviceaccount:${String(subject['namespace'])}:${String(subject['name'])}` === user;
}

function allows(rule: Fields, { verb, group, resource, name }: Question): boolean {
  const names = readArray(rule, 'resourceNames');
  if (names.length > 0 && !names.includes(name)) return false;
  return includes(rule, 'verbs', verb) && includes(rule, 'apiGroups', group) && includes(rule, 'resources', resource);
}

function includes(rule: Fields, list: string, wanted: string): boolean {
  const values = readArray(rule, list);
  return values.includes(wanted) || values.includes('*');
}

/** The denial in the words of the API server. */
export function forbiddenFailure({ user, verb }: { readonly user: string; readonly verb: string }, target: Target) {
  const { resource, namespace, name, subresource } = target;
  const plural = subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const what = name === undefined ? qualifiedName(resource) : `${qualifiedName(resource)} "${name}"`;
  return new ApiFailure({
    code: 403,
    reason: 'Forbidden',
    message: `${what} is forbidden: User "${user}" cannot ${verb} resource "${plural}" in API group "${resource.group}" ${where}`,
    details: {
      ...(name === undefined ? {} : { name }),
      ...(resource.group === '' ? {} : { group: resource.group }),
      kind: resource.plural,
    },
  });
}
