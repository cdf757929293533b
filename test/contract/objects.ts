import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/core/json.ts';
import type { Objects } from '../../src/core/ports/objects.ts';
import type { ResourceRef } from '../../src/core/resource-ref.ts';

export interface ObjectsStage {
  readonly objects: Objects;
  /** Creates a CronJob, or an autoscaler of 1 to 3 replicas. */
  create(kind: 'CronJob' | 'HorizontalPodAutoscaler', name: string): Promise<ResourceRef & { readonly uid: string }>;
}

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
