import { describe, expect, it, vi } from 'vitest';
import type { Identity } from '../../src/core/identity.ts';
import type { Access, Right } from '../../src/core/ports/access.ts';
import type { Objects } from '../../src/core/ports/objects.ts';
import type { ResourceRef } from '../../src/core/resource-ref.ts';
import type { Grant } from '../support/fakes/access.ts';
import { soon } from '../support/patience.ts';

export interface AccessStage {
  readonly access: Access;
  /** Lifeguard's own. */
  readonly objects: Objects;
  createCronJob(name: string): Promise<ResourceRef & { readonly uid: string }>;
  /** In the namespace of `createCronJob`, of the resource `cronjobs`. */
  grant(grant: Pick<Grant, 'to' | 'verb' | 'name'> & { readonly kind: 'User' | 'Group' }): Promise<void>;
}

const alice: Identity = { user: 'alice@example.com', groups: ['people', 'devs'] };
const operations = [{ op: 'add', path: '/spec/suspend', value: true }] as const;
const forbidden = { code: 'cluster-forbidden', retry: 'permanent' };

/** What every `Access` must do. */
export function describeAccess(name: string, stage: () => AccessStage): void {
  const rightTo = (verb: string, ref: ResourceRef): Right => ({
    apiGroup: 'batch',
    resource: 'cronjobs',
    verb,
    namespace: ref.namespace,
    name: ref.name,
  });

  /** A right that was just given counts a moment later. */
  async function untilAllowed(identity: Identity, right: Right): Promise<void> {
    await vi.waitFor(async () => expect(await stage().access.missing(identity, [right])).toEqual([]), soon);
  }

  describe(`${name}: rights`, () => {
    it('nobody has those that were not given', async () => {
      const ref = await stage().createCronJob('access-none');
      const rights = [rightTo('patch', ref), rightTo('delete', ref)];
      expect(await stage().access.missing(alice, rights)).toEqual(rights);
      expect(await stage().access.missing(alice, [])).toEqual([]);
    });

    it('come to a user, for this object and this verb only', async () => {
      const ref = await stage().createCronJob('access-user');
      const other = await stage().createCronJob('access-other');
      await stage().grant({ kind: 'User', to: 'bob', verb: 'patch', name: ref.name });
      const bob: Identity = { user: 'bob', groups: [] };
      await untilAllowed(bob, rightTo('patch', ref));
      const rights = [rightTo('patch', ref), rightTo('delete', ref), rightTo('patch', other)];
      expect(await stage().access.missing(bob, rights)).toEqual(rights.slice(1));
      expect(await stage().access.missing(alice, rights)).toEqual(rights);
    });

    it.each(['devs', 'system:authenticated'])('come by the group %s', async (group) => {
      const ref = await stage().createCronJob(`access-${group.replace(':', '-')}`);
      await stage().grant({ kind: 'Group', to: group, verb: 'patch', name: ref.name });
      await untilAllowed(alice, rightTo('patch', ref));
      const tried = await stage().access.as(alice).objects.patch({ ref, operations, dryRun: true });
      expect(tried.spec['suspend']).toBe(true);
    });
  });

  describe(`${name}: acting as somebody`, () => {
    it('who may not changes nothing, and reads all the same', async () => {
      const ref = await stage().createCronJob('act-none');
      const { objects } = stage().access.as({ user: 'nobody-at-all', groups: [] });
      for (const dryRun of [true, false]) {
        await expect(objects.patch({ ref, operations, dryRun })).rejects.toMatchObject(forbidden);
        await expect(objects.remove({ ref, dryRun })).rejects.toMatchObject(forbidden);
        const body = { metadata: { name: 'made' } };
        const { kind, namespace } = ref;
        await expect(objects.create({ kind: 'CronJob', namespace, body, dryRun })).rejects.toMatchObject(forbidden);
        const pod = { kind: 'Pod', namespace, name: 'some', uid: 'x' };
        await expect(objects.evict({ ref: pod, dryRun })).rejects.toMatchObject(forbidden);
        expect(kind).toBe('CronJob');
      }
      expect(await objects.read(ref)).toMatchObject({ ref, spec: { suspend: false } });
      expect(await stage().objects.read(ref)).toMatchObject({ spec: { suspend: false } });
    });

    it('who may changes it', async () => {
      const ref = await stage().createCronJob('act-some');
      await stage().grant({ kind: 'User', to: alice.user, verb: 'patch', name: ref.name });
      await untilAllowed(alice, rightTo('patch', ref));
      const { objects } = stage().access.as(alice);
      await objects.patch({ ref, operations, dryRun: false });
      expect(await stage().objects.read(ref)).toMatchObject({ spec: { suspend: true } });
      await expect(objects.remove({ ref, dryRun: false })).rejects.toMatchObject(forbidden);
    });

    it('a workload’s pods and template are as safe', async () => {
      const { namespace } = await stage().createCronJob('act-workload');
      const { workloads } = stage().access.as({ user: 'nobody-at-all', groups: [] });
      const ref = { kind: 'Deployment', namespace, name: 'some' } as const;
      await expect(workloads.patch({ ref, operations, dryRun: true })).rejects.toMatchObject(forbidden);
      await expect(workloads.deletePod({ namespace, name: 'some', uid: 'x' })).rejects.toMatchObject(forbidden);
    });
  });
}
