import { LifeguardError } from '../../../src/core/errors.ts';
import type { Identity } from '../../../src/core/identity.ts';
import type { Access, Hands, Right } from '../../../src/core/ports/access.ts';
import type { ResourceRef } from '../../../src/core/resource-ref.ts';

/** What a user or a group may do; every object where no name is given. */
export interface Grant {
  readonly to: string;
  readonly verb: string;
  /** Plural, with its subresource. */
  readonly resource: string;
  readonly namespace: string;
  readonly name?: string;
}

export interface FakeAccess extends Access {
  allow(grant: Grant): void;
  revoke(): void;
  /** Every question fails with this error from now on. */
  breakWith(error: LifeguardError): void;
  /** Writes that came through, as `alice patch deployments checkout`; dry runs as `alice tries …`. */
  readonly writes: readonly string[];
}

/** Rights in memory over somebody else's hands. */
export function createFakeAccess({ workloads, objects }: Hands): FakeAccess {
  let grants: readonly Grant[] = [];
  let broken: LifeguardError | undefined;
  const writes: string[] = [];

  function holds({ user, groups }: Identity, right: Omit<Right, 'apiGroup'>): boolean {
    const names = [user, ...groups, 'system:authenticated'];
    return grants.some(
      ({ to, verb, resource, namespace, name }) =>
        names.includes(to) &&
        verb === right.verb &&
        resource === right.resource &&
        namespace === right.namespace &&
        (name === undefined || name === right.name),
    );
  }

  function actor(identity: Identity): Hands {
    function check(verb: string, ref: Omit<ResourceRef, 'uid'>, part: string, dryRun: boolean): void {
      const resource = `${ref.kind.toLowerCase()}s${part}`;
      if (!holds(identity, { verb, resource, namespace: ref.namespace, name: ref.name }))
        throw new LifeguardError(`User "${identity.user}" cannot ${verb} ${resource}.`, {
          code: 'cluster-forbidden',
          retry: 'permanent',
        });
      writes.push(`${identity.user}${dryRun ? ' tries' : ''} ${verb} ${resource} ${ref.name}`);
    }
    return {
      workloads: {
        ...workloads,
        async patch(request) {
          check('patch', request.ref, '', request.dryRun);
          return workloads.patch(request);
        },
        async deletePod(pod) {
          check('delete', { kind: 'Pod', ...pod }, '', false);
          return workloads.deletePod(pod);
        },
      },
      objects: {
        ...objects,
        async patch(request) {
          check('patch', request.ref, '', request.dryRun);
          return objects.patch(request);
        },
        async create(request) {
          const { kind, namespace, dryRun } = request;
          check('create', { kind, namespace, name: '' }, '', dryRun);
          return objects.create(request);
        },
        async remove(request) {
          check('delete', request.ref, '', request.dryRun);
          return objects.remove(request);
        },
        async evict(request) {
          check('create', request.ref, '/eviction', request.dryRun);
          return objects.evict(request);
        },
      },
    };
  }

  return {
    writes,
    allow: (grant) => {
      grants = [...grants, grant];
    },
    revoke() {
      grants = [];
    },
    breakWith(error) {
      broken = error;
    },
    async missing(identity, rights) {
      if (broken !== undefined) throw broken;
      return rights.filter((right) => !holds(identity, right));
    },
    as: actor,
  };
}
