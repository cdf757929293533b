import { describe, expect, test } from 'vitest';
import { hasCode } from '../../src/core/errors.ts';
import { type JsonObject, readArray, readString } from '../../src/core/json.ts';
import type { PatchRequest, Workload, Workloads } from '../../src/core/ports/workloads.ts';
import type { WorkloadKind, WorkloadRef } from '../../src/core/resource-ref.ts';

/** Somewhere workloads live, and a way to put them there. */
export interface WorkloadsStage {
  readonly workloads: Workloads;
  /** Creates a workload whose template has had these images, one revision each; answers once the controller has seen the last. */
  create(wanted: {
    readonly kind: WorkloadKind;
    readonly name: string;
    readonly images: readonly string[];
  }): Promise<WorkloadRef & { readonly uid: string }>;
  /** Lets an autoscaler set how many replicas it has. */
  autoscale(ref: WorkloadRef, bounds: { readonly min: number; readonly max: number }): Promise<void>;
  /** Lets a VerticalPodAutoscaler set what its pods request; only where the cluster has the kind. */
  size(ref: WorkloadRef, mode: string): Promise<void>;
  /** Waits until the controller has seen the newest specification. */
  settle(ref: WorkloadRef): Promise<void>;
}

export interface WorkloadsContract {
  readonly stage: () => WorkloadsStage;
  readonly kinds: readonly WorkloadKind[];
  /** Whether it has VerticalPodAutoscalers. */
  readonly vertical?: boolean;
}

const first = 'test.local/app:1.0.0';
const second = 'test.local/app:1.0.1';

/** What every `Workloads` must do. */
export function describeWorkloads(name: string, { stage, kinds, vertical = false }: WorkloadsContract): void {
  let made = 0;
  function maker(kind: WorkloadKind) {
    return async function make(images: readonly string[] = [first, second]) {
      made += 1;
      return await stage().create({ kind, name: `${kind.toLowerCase()}-${made}`, images });
    };
  }

  describe.each(kinds)(`${name}: a %s`, (kind) => {
    const make = maker(kind);

    test('is read with its template and the revision it belongs to', async () => {
      const ref = await make();
      const workload = await readExisting(stage(), ref);
      expect(workload.ref).toEqual(ref);
      expect(workload.observedGeneration).toBe(workload.generation);
      expect(workload.paused).toBe(false);
      expect(imageOf(workload.template)).toBe(second);
      expect(workload.revision).toBe(2);
    });

    test('is read with what controls it', async () => {
      const [ref, owner] = [await make([first]), await make([first])];
      expect((await readExisting(stage(), ref)).owner).toBeUndefined();
      const reference = { apiVersion: 'apps/v1', kind, name: owner.name, uid: owner.uid };
      for (const controller of [false, true]) {
        const value = [{ ...reference, controller }];
        const operations = [{ op: 'add', path: '/metadata/ownerReferences', value } as const];
        const patched = await stage().workloads.patch({ ref, operations, dryRun: false });
        expect(patched.owner).toEqual(controller ? { kind, name: owner.name, uid: owner.uid } : undefined);
      }
      expect((await readExisting(stage(), ref)).owner).toEqual({ kind, name: owner.name, uid: owner.uid });
    });

    test('that does not exist, or is another object of the same name, is undefined', async () => {
      const { uid: _, ...ref } = await make([first]);
      expect(await stage().workloads.read({ ...ref, name: 'nobody' })).toBeUndefined();
      expect(await stage().workloads.read({ ...ref, uid: 'another' })).toBeUndefined();
      expect(await stage().workloads.revisions({ ...ref, name: 'nobody' })).toEqual([]);
      expect(await stage().workloads.read(ref)).toBeDefined();
    });

    test('has revisions, newest first, each with the template as it was', async () => {
      const ref = await make();
      const revisions = await stage().workloads.revisions(ref);
      expect(revisions.map(({ revision, template }) => [revision, imageOf(template)])).toEqual([
        [2, second],
        [1, first],
      ]);
      const { template } = await readExisting(stage(), ref);
      expect(revisions[0]?.template).toEqual(template);
    });

    test('is not changed by a dry run, which answers what would be', async () => {
      const ref = await make([first]);
      const before = await readExisting(stage(), ref);
      const answer = await patch(ref, [replaceImage(second)], true);
      expect(imageOf(answer.template)).toBe(second);
      expect(answer.ref).toEqual(ref);
      expect(await readExisting(stage(), ref)).toMatchObject({
        generation: before.generation,
        template: before.template,
      });
    });

    test('is changed by a patch, and its revision is unknown until the controller has caught up', async () => {
      const ref = await make([first]);
      const { generation } = await readExisting(stage(), ref);
      const answer = await patch(ref, [testImage(first), replaceImage(second)]);
      expect(answer.generation).toBe(generation + 1);
      expect(answer.revision).toBeUndefined();
      await stage().settle(ref);
      expect((await readExisting(stage(), ref)).revision).toBe(2);
    });

    test.each([true, false])('is left alone where a test fails (dry run: %s)', async (dryRun) => {
      const ref = await make([first]);
      const failure = await failureOf(patch(ref, [testImage('test.local/app:9.9.9'), replaceImage(second)], dryRun));
      expect(hasCode(failure, 'cluster-conflict')).toBe(true);
      expect(imageOf((await readExisting(stage(), ref)).template)).toBe(first);
    });

    test.each<[string, PatchRequest['operations'][number]]>([
      ['a path that is gone', { op: 'replace', path: '/spec/template/spec/containers/7/image', value: 'x' }],
      ['a removal of nothing', { op: 'remove', path: '/metadata/annotations/nothing~1there' }],
    ])('is left alone where a patch does not fit: %s', async (_, operation) => {
      const failure = await failureOf(patch(await make([first]), [operation]));
      expect(hasCode(failure, 'cluster-conflict')).toBe(true);
    });

    test('is changed where its template holds signs that JSON may write in two ways', async () => {
      const ref = await make([first]);
      const value = { note: 'a=1&b=<2> \u2028 "é" \\ / \u0007' };
      const { template } = await patch(ref, [{ op: 'add', path: '/spec/template/metadata/annotations', value }]);
      const held = JSON.parse(JSON.stringify(template));
      await patch(ref, [{ op: 'test', path: '/spec/template', value: held }, replaceImage(second)]);
      const changed = await readExisting(stage(), ref);
      expect(imageOf(changed.template)).toBe(second);
      expect(JSON.stringify(changed.template)).toContain(JSON.stringify(value.note));
    });

    test('of the same name but another uid is not patched', async () => {
      const ref = await make([first]);
      const failure = await failureOf(patch({ ...ref, uid: 'another' }, [replaceImage(second)]));
      expect(hasCode(failure, 'cluster-conflict')).toBe(true);
      expect(imageOf((await readExisting(stage(), ref)).template)).toBe(first);
    });

    test('that does not exist cannot be patched', async () => {
      const { uid: _, ...ref } = await make([first]);
      const failure = await failureOf(patch({ ...ref, name: 'nobody' }, [replaceImage(second)]));
      expect(hasCode(failure, 'cluster-not-found')).toBe(true);
    });

    test('gets a new number for an old template that is put back', async () => {
      const ref = await make();
      const old = (await stage().workloads.revisions(ref)).find(({ revision }) => revision === 1);
      await patch(ref, [{ op: 'replace', path: '/spec/template', value: JSON.parse(JSON.stringify(old?.template)) }]);
      await stage().settle(ref);
      const revisions = await stage().workloads.revisions(ref);
      expect(revisions.map(({ revision, template }) => [revision, imageOf(template)])).toEqual([
        [3, first],
        [2, second],
      ]);
      expect((await readExisting(stage(), ref)).revision).toBe(3);
    });
  });

  test.each(kinds.filter((kind) => kind !== 'DaemonSet'))(
    `${name}: a %s is scaled, and a senseless number is refused`,
    async (kind) => {
      const ref = await maker(kind)([first]);
      expect((await patch(ref, [{ op: 'replace', path: '/spec/replicas', value: 0 }])).desired).toBe(0);
      const failure = await failureOf(patch(ref, [{ op: 'replace', path: '/spec/replicas', value: -1 }]));
      expect(hasCode(failure, 'cluster-rejected')).toBe(true);
    },
  );

  test.each(kinds.filter((kind) => kind !== 'DaemonSet'))(
    `${name}: the autoscaler of a %s is found, and that of another is not`,
    async (kind) => {
      const ref = await maker(kind)([first]);
      expect(await stage().workloads.autoscaler(ref)).toBeUndefined();
      await stage().autoscale(ref, { min: 2, max: 5 });
      expect(await stage().workloads.autoscaler(ref)).toMatchObject({ min: 2, max: 5, shares: ['cpu'] });
      expect(await stage().workloads.autoscaler(await maker(kind)([first]))).toBeUndefined();
    },
  );

  test(`${name}: what sets the requests of a workload is found, if it sets any`, async () => {
    const refs = [await maker('Deployment')([first]), await maker('Deployment')([first])] as const;
    expect(await stage().workloads.verticalAutoscaler(refs[0])).toBeUndefined();
    for (const [index, mode] of vertical ? (['Initial', 'Off'] as const).entries() : [])
      await stage().size(refs[index] ?? refs[0], mode);
    const expected = vertical ? { name: refs[0].name, mode: 'Initial' } : undefined;
    expect(await stage().workloads.verticalAutoscaler(refs[0])).toEqual(expected);
    expect(await stage().workloads.verticalAutoscaler(refs[1])).toBeUndefined();
  });

  test.each(kinds.filter((kind) => kind === 'Deployment'))(
    `${name}: a %s that is paused keeps its revision until its template changes`,
    async (kind) => {
      const ref = await maker(kind)([first]);
      await patch(ref, [{ op: 'add', path: '/spec/paused', value: true }]);
      await stage().settle(ref);
      expect(await readExisting(stage(), ref)).toMatchObject({ paused: true, revision: 1 });
      await patch(ref, [replaceImage(second)]);
      await stage().settle(ref);
      expect((await readExisting(stage(), ref)).revision).toBeUndefined();
    },
  );

  async function patch(ref: WorkloadRef, operations: PatchRequest['operations'], dryRun = false): Promise<Workload> {
    return await stage().workloads.patch({ ref, operations, dryRun });
  }
}

async function readExisting({ workloads }: WorkloadsStage, ref: WorkloadRef): Promise<Workload> {
  const workload = await workloads.read(ref);
  if (workload === undefined) throw new Error(`${ref.kind} ${ref.name} is gone`);
  return workload;
}

const imagePath = '/spec/template/spec/containers/0/image';

function replaceImage(image: string): PatchRequest['operations'][number] {
  return { op: 'replace', path: imagePath, value: image };
}

function testImage(image: string): PatchRequest['operations'][number] {
  return { op: 'test', path: imagePath, value: image };
}

function imageOf(template: JsonObject): string | undefined {
  return readString(readArray(template, 'spec', 'containers')[0], 'image');
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}
