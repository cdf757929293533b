import { expect, it } from 'vitest';
import type { Plan } from '../../src/core/action.ts';
import type { Json } from '../../src/core/json.ts';
import type { ResourceRef } from '../../src/core/resource-ref.ts';
import { type ActionId, findAction } from '../../src/ops/actions/index.ts';
import { describeObjects } from '../contract/objects.ts';
import { openActions } from '../support/action-play.ts';
import { createObjectsStage } from '../support/kubernetes/objects-stage.ts';
import { useNamespace } from '../support/kubernetes/own-namespace.ts';

const { http, namespace } = await useNamespace('objects');
const stage = createObjectsStage(http, namespace);
const context = openActions(http);

describeObjects('a real API server', () => stage);

const someNode = { kind: 'Node', namespace: '', name: namespace };

/** A node without a kubelet, so that nothing real is cordoned. */
async function createNode(): Promise<ResourceRef> {
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'Node', metadata: { name: someNode.name } });
  await http.json({ method: 'POST', path: '/api/v1/nodes', body });
  return someNode;
}

/** `field` of the spec is what it changes; absent is false to Kubernetes. */
async function play(
  id: ActionId,
  target: ResourceRef,
  field: string,
  params: Readonly<Record<string, Json>> = {},
): Promise<unknown> {
  const action = findAction(id);
  const { kind, name } = target;
  const made = await action?.bind({ target: { kind, namespace: target.namespace, name }, ...params }).plan(context);
  if (action === undefined || made === undefined || 'refused' in made) throw new Error(JSON.stringify(made));
  const plan: Plan = made;
  const read = async () => JSON.stringify((await context.objects.read(target))?.spec[field] ?? false);
  const before = await read();
  for (let turn = 0; turn < 2; turn += 1) await action.execute({ plan, mark: `${id}-apply` }, context);
  const changed = await read();
  const measured = await action.measure(plan, context);
  if (measured === undefined) throw new Error('nothing is measured');
  const { verdict } = action.verify({ plan, before: measured, after: measured, appliedAt: 0, now: 0 }, context);
  await action.undo?.({ plan, mark: `${id}-undo` }, context);
  return { verdict, changed: changed !== before, same: (await read()) === before };
}

const done = { verdict: 'improved', changed: true, same: true };

it('a CronJob is suspended and resumed, proven and undone', async () => {
  const target = await stage.create('CronJob', 'nightly');
  expect(await play('suspend-cronjob', target, 'suspend')).toEqual(done);
  await context.objects.patch({
    ref: target,
    operations: [{ op: 'add', path: '/spec/suspend', value: true }],
    dryRun: false,
  });
  expect(await play('resume-cronjob', target, 'suspend')).toEqual(done);
});

it('an autoscaler gets other bounds, proven and undone', async () => {
  const target = await stage.create('HorizontalPodAutoscaler', 'web');
  expect(await play('set-autoscaler-bounds', target, 'maxReplicas', { min: 2, max: 9 })).toEqual(done);
  expect(await play('set-autoscaler-bounds', target, 'metrics', { cpu: 70 })).toEqual(done);
});

it('a node is cordoned and uncordoned, proven and undone', async () => {
  const target = await createNode();
  try {
    expect(await play('cordon-node', target, 'unschedulable')).toEqual(done);
    await context.objects.patch({
      ref: target,
      operations: [{ op: 'add', path: '/spec/unschedulable', value: true }],
      dryRun: false,
    });
    expect(await play('uncordon-node', target, 'unschedulable')).toEqual(done);
  } finally {
    await http.json({ method: 'DELETE', path: `/api/v1/nodes/${someNode.name}` });
  }
});
