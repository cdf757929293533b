import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/core/json.ts';
import type { Objects } from '../../src/core/ports/objects.ts';
import type { ResourceRef } from '../../src/core/resource-ref.ts';

export interface ObjectsStage {
  readonly objects: Objects;
  /** Creates a CronJob, or an autoscaler of 1 to 3 replicas. */
  create(kind: 'CronJob' | 'HorizontalPodAutoscaler', name: string): Promise<Found>;
  readonly namespace: string;
  /** Creates a pod and waits until it runs; `held`: a disruption budget of the same name allows no eviction. */
  createPod(name: string, options?: { readonly held?: boolean }): Promise<Found>;
}

type Found = ResourceRef & { readonly uid: string };

/** What every `Objects` must do. */
export function describeObjects(name: string, stage: () => ObjectsStage): void {
  let made = 0;
  const nameFor = (kind: string): string => {
    made += 1;
    return `${kind.toLowerCase()}-${made}`;
  };
  const cases: readonly (readonly ['CronJob' | 'HorizontalPodAutoscaler', string, Json])[] = [
    ['CronJob', 'suspend', true],
    ['HorizontalPodAutoscaler', 'maxReplicas', 7],
  ];

  const map = (one: string) => ({
    kind: 'ConfigMap' as const,
    namespace: stage().namespace,
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: one }, data: { color: 'red' } },
  });

  describe(`${name}: a ConfigMap`, () => {
    it('is created once, and not by a dry run, which answers what would be', async () => {
      const { objects, namespace } = stage();
      const ref = { kind: 'ConfigMap', namespace, name: nameFor('map') };
      expect(await objects.create({ ...map(ref.name), dryRun: true })).toMatchObject({ ref, data: { color: 'red' } });
      expect(await objects.read(ref)).toBeUndefined();
      const made = await objects.create({ ...map(ref.name), dryRun: false });
      expect(await objects.read(made.ref)).toMatchObject({ ref: made.ref, data: { color: 'red' } });
      await expect(objects.create({ ...map(ref.name), dryRun: false })).rejects.toMatchObject({
        code: 'cluster-conflict',
      });
    });

    it('is changed only where all is as it was: what is absent passes as null, and what is there does not', async () => {
      const { objects } = stage();
      const { ref, binaryData } = await objects.create({ ...map(nameFor('map')), dryRun: false });
      expect(binaryData).toEqual({});
      const nothing = { op: 'test', path: '/binaryData', value: null } as const;
      const operations = [nothing, { op: 'add', path: '/binaryData', value: { blob: 'AAEC' } } as const];
      await objects.patch({ ref, operations, dryRun: false });
      expect(await objects.read(ref)).toMatchObject({ data: { color: 'red' }, binaryData: { blob: 'AAEC' } });
      await expect(objects.patch({ ref, operations, dryRun: false })).rejects.toMatchObject({
        code: 'cluster-conflict',
      });
      const gone = [{ op: 'remove', path: '/binaryData' } as const];
      await objects.patch({ ref, operations: gone, dryRun: false });
      expect((await objects.read(ref))?.binaryData).toEqual({});
    });

    it('says whether its content may be changed', async () => {
      const { objects } = stage();
      const { body, ...fixed } = map(nameFor('map'));
      const made = await objects.create({ ...fixed, body: { ...body, immutable: true }, dryRun: false });
      const free = await objects.create({ ...map(nameFor('map')), dryRun: false });
      expect([made.immutable, free.immutable]).toEqual([true, false]);
    });

    it('is removed, not by a dry run, not under another uid, and again is fine', async () => {
      const { objects } = stage();
      const { ref } = await objects.create({ ...map(nameFor('map')), dryRun: false });
      await objects.remove({ ref, dryRun: true });
      await objects.remove({ ref: { ...ref, uid: 'another' }, dryRun: false });
      expect(await objects.read(ref)).toMatchObject({ ref });
      await objects.remove({ ref, dryRun: false });
      expect(await objects.read(ref)).toBeUndefined();
      await objects.remove({ ref, dryRun: false });
    });
  });

  describe(`${name}: a pod`, () => {
    it('is evicted, not by a dry run, not under another uid, and again is fine', async () => {
      const { objects } = stage();
      const ref = await stage().createPod(nameFor('pod'));
      expect(await objects.evict({ ref, dryRun: true })).toBeUndefined();
      expect(await objects.evict({ ref: { ...ref, uid: 'another' }, dryRun: false })).toBeUndefined();
      expect((await objects.read(ref))?.deletion).toBeUndefined();
      expect(await objects.evict({ ref, dryRun: false })).toBeUndefined();
      await expect.poll(() => objects.read(ref)).toBeUndefined();
      expect(await objects.evict({ ref, dryRun: false })).toBeUndefined();
    });

    it('stays where a disruption budget holds it, which is named', async () => {
      const { objects } = stage();
      const ref = await stage().createPod(nameFor('pod'), { held: true });
      for (const dryRun of [true, false]) {
        const hold = await objects.evict({ ref, dryRun });
        expect(hold).toBe(`The disruption budget ${ref.name} needs 1 healthy pods and has 1 currently`);
      }
      expect((await objects.read(ref))?.deletion).toBeUndefined();
    });
  });

  describe.each(cases)(`${name}: a %s`, (kind, field, value) => {
    const change = { op: 'add', path: `/spec/${field}`, value } as const;

    it('is found by its name, with and without its namespace', async () => {
      const ref = await stage().create(kind, nameFor(kind));
      const { objects } = stage();
      const refs = async (shelf: object) => (await objects.list({ kind, ...shelf })).map((live) => live.ref);
      expect(await refs({ name: ref.name })).toEqual([ref]);
      expect(await refs({ namespace: ref.namespace })).toContainEqual(ref);
      expect(await refs({ namespace: ref.namespace, name: 'nobody' })).toEqual([]);
    });

    it('is changed by a patch, and not by a dry run, which answers what would be', async () => {
      const ref = await stage().create(kind, nameFor(kind));
      const { objects } = stage();
      expect((await objects.patch({ ref, operations: [change], dryRun: true })).spec[field]).toEqual(value);
      expect((await objects.read(ref))?.spec[field]).not.toEqual(value);
      await objects.patch({ ref, operations: [change], dryRun: false });
      expect(await objects.read(ref)).toMatchObject({ ref, spec: { [field]: value } });
    });

    it('is left alone where a test fails, where it is another, and where there is none', async () => {
      const ref = await stage().create(kind, nameFor(kind));
      const { objects } = stage();
      const wrong = [{ op: 'test', path: `/spec/${field}`, value: 'x' } as const, change];
      await expect(objects.patch({ ref, operations: wrong, dryRun: false })).rejects.toMatchObject({
        code: 'cluster-conflict',
      });
      const other = { ...ref, uid: 'another' };
      expect(await objects.read(other)).toBeUndefined();
      await expect(objects.patch({ ref: other, operations: [change], dryRun: false })).rejects.toMatchObject({
        code: expect.stringMatching(/^cluster-/),
      });
      const { uid: _uid, ...nobody } = { ...ref, name: 'nobody' };
      expect(await objects.read(nobody)).toBeUndefined();
      await expect(objects.patch({ ref: nobody, operations: [change], dryRun: false })).rejects.toMatchObject({
        code: 'cluster-not-found',
      });
      expect((await objects.read(ref))?.spec[field]).not.toEqual(value);
    });
  });
}
