import { expect, it } from 'vitest';
import type { LiveObject } from '../../src/core/ports/objects.ts';
import { endOf } from '../../src/ops/job/target.ts';
import { askAndApprove } from '../support/approved.ts';
import { useNamespace } from '../support/kubernetes/own-namespace.ts';
import { carryOut, openRealWorld } from '../support/real-ops.ts';

const { http, namespace } = await useNamespace('jobs');

/** A Job that fails until there is a ConfigMap of its name. */
async function failJob(name: string): Promise<LiveObject> {
  const { ops } = openRealWorld(http);
  const configMapKeyRef = { name, key: 'ready', optional: true };
  const container = {
    name: 'app',
    image: 'busybox:1.36',
    command: ['sh', '-c', 'test "$READY" = yes'],
    env: [{ name: 'READY', valueFrom: { configMapKeyRef } }],
  };
  const template = { spec: { restartPolicy: 'Never', containers: [container] } };
  const body = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { backoffLimit: 0, template } };
  await ops.objects.create({ kind: 'Job', namespace, body, dryRun: false });
  const read = () => ops.objects.read({ kind: 'Job', namespace, name });
  await expect
    .poll(async () => {
      const live = await read();
      return live === undefined ? undefined : endOf(live);
    })
    .toBe('failed');
  const live = await read();
  if (live === undefined) throw new Error(`Job ${name} is gone`);
  return live;
}

const jobs = async () =>
  (await openRealWorld(http).ops.objects.list({ kind: 'Job', namespace })).map(({ ref }) => ref.name);

it('a failed Job is run once more as a copy; that it fails again is no success, and that it succeeds is', async () => {
  const { ref } = await failJob('backup');
  const world = openRealWorld(http);
  const again = await askAndApprove(world, { id: 'rerun-job', target: ref });
  expect(await carryOut(again, world)).toMatchObject({ phase: 'unproven', verification: { verdict: 'unchanged' } });
  expect(await jobs()).toHaveLength(2);
  const body = { metadata: { name: ref.name }, data: { ready: 'yes' } };
  await world.ops.objects.create({ kind: 'ConfigMap', namespace, body, dryRun: false });
  const other = openRealWorld(http);
  const mended = await askAndApprove(other, { id: 'rerun-job', target: ref });
  expect(await carryOut(mended, other)).toMatchObject({ phase: 'proven', outcome: 'The new run is complete.' });
  expect(await jobs()).toHaveLength(3);
});

it('a failed Job is deleted with its pods', async () => {
  const { ref } = await failJob('old');
  const world = openRealWorld(http);
  const id = await askAndApprove(world, { id: 'delete-job', target: ref });
  expect(await carryOut(id, world)).toMatchObject({ phase: 'proven' });
  const pods = () => world.ops.objects.list({ kind: 'Pod', namespace });
  await expect.poll(async () => (await pods()).filter(({ owner }) => owner?.uid === ref.uid)).toEqual([]);
});
