import type { Access, Requester } from './access.ts';
import { ApiFailure } from './failure.ts';

type Headers = Readonly<Partial<Record<string, readonly string[]>>>;

/** Everybody who is somebody is in it. */
const authenticated = 'system:authenticated';

/** As whom a request is made that says so itself (`Impersonate-User`, `Impersonate-Group`); only for those who may, name by name. */
export function impersonate(access: Access, requester: Requester, headers: Headers): Requester {
  const [user] = headers['impersonate-user'] ?? [];
  if (user === undefined) return { ...requester, groups: [...requester.groups, authenticated] };
  const groups = headers['impersonate-group'] ?? [];
  check(access, requester, { resource: 'users', name: user });
  for (const name of groups) check(access, requester, { resource: 'groups', name });
  return { user, groups: [...groups, authenticated] };
}

function check(
  access: Access,
  requester: Requester,
  { resource, name }: { readonly resource: string; readonly name: string },
): void {
  const question = { ...requester, verb: 'impersonate', group: '', resource, namespace: undefined, name };
  if (access.isAllowed(question)) return;
  throw new ApiFailure({
    code: 403,
    reason: 'Forbidden',
    message: `${resource} "${name}" is forbidden: User "${requester.user}" cannot impersonate resource "${resource}" in API group "" at the cluster scope`,
    details: { name, kind: resource },
  });
}
