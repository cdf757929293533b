import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/core/finding.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { ResourceRef } from '../../../src/core/resource-ref.ts';
import { climbLadder } from '../../../src/ops/remedy-ladder.ts';
import { putRoom } from '../../support/action-worlds.ts';
import { createDeskWorld, type DeskWorld } from '../../support/desk.ts';

const inShop = (kind: string, name: string): ResourceRef => ({ kind, namespace: 'shop', name });
const ended = { conditions: [{ type: 'Failed', status: 'True' }] };

function findingOf(kind: string, subject: ResourceRef): Finding {
  return {
    detector: kind,
    kind,
    subject,
    severity: 'warning',
    title: kind,
    cause: 'It is so.',
    since: 1_000,
    occurrences: 1,
    affectedPods: 0,
    totalPods: 0,
  };
}

interface Case {
  readonly kind: string;
  readonly put: (world: DeskWorld) => ResourceRef;
  readonly actionId: string;
  readonly summary: string;
  readonly risk: 'low' | 'medium';
}

const object =
  (ref: ResourceRef, spec: JsonObject, status: JsonObject = {}) =>
  ({ objects }: DeskWorld) =>
    objects.put(ref, { spec, status });

const cases: readonly Case[] = [
  {
    kind: 'volume-nearly-full',
    put(world) {
      world.objects.put({ kind: 'StorageClass', namespace: '', name: 'fast' }, { allowsExpansion: true });
      const spec = { storageClassName: 'fast', resources: { requests: { storage: '10Gi' } } };
      const status = { phase: 'Bound', capacity: { storage: '10Gi' } };
      return object(inShop('PersistentVolumeClaim', 'data'), spec, status)(world);
    },
    actionId: 'expand-volume',
    summary: 'from 10Gi to 15Gi',
    risk: 'medium',
  },
  {
    kind: 'memory-near-limit',
    put: ({ workloads }) =>
      workloads.put({
        ref: { kind: 'Deployment', namespace: 'shop', name: 'cache' },
        templates: [{ spec: { containers: [{ name: 'app', resources: { limits: { memory: '64Mi' } } }] } }],
      }),
    actionId: 'set-resources',
    summary: 'limit of memory 64Mi -> 80Mi',
    risk: 'low',
  },
  {
    kind: 'job-failed',
    put: object(inShop('Job', 'import'), { template: {} }, ended),
    actionId: 'rerun-job',
    summary: 'Run Job shop/import once more',
    risk: 'medium',
  },
  {
    kind: 'autoscaler-at-max',
    put: object(inShop('HorizontalPodAutoscaler', 'web'), { minReplicas: 1, maxReplicas: 5 }),
    actionId: 'set-autoscaler-bounds',
    summary: '1 to 8 replicas (now 1 to 5 replicas)',
    risk: 'medium',
  },
  {
    kind: 'node-cordoned',
    put: object({ kind: 'Node', namespace: '', name: 'node-1' }, { unschedulable: true }),
    actionId: 'uncordon-node',
    summary: 'Uncordon Node node-1.',
    risk: 'medium',
  },
];

async function climb(world: DeskWorld, finding: Finding) {
  const incident = await world.registry.observe(finding);
  await climbLadder(incident, world.ops);
  return await world.ops.incidents.get(incident.id);
}

describe.each(cases)('the remedy for $kind', ({ kind, put, actionId, summary, risk }) => {
  it('is proposed once, and asked', async () => {
    const world = createDeskWorld();
    const subject = put(world);
    for (let look = 0; look < 3; look += 1) await climb(world, findingOf(kind, subject));
    expect(await world.ops.proposals.recent(5)).toMatchObject([
      { actionId, state: 'awaiting-approval', plan: { risk, summary: expect.stringContaining(summary) } },
    ]);
    expect(world.objects.writes).toEqual([]);
  });

  it('is never done by Lifeguard alone where its risk is above low, whatever the autonomy', async () => {
    const world = createDeskWorld({ policy: { autonomy: 'auto' } });
    putRoom(world.objects);
    await climb(world, findingOf(kind, put(world)));
    const state = risk === 'low' ? 'approved' : 'awaiting-approval';
    expect(await world.ops.proposals.recent(5)).toMatchObject([{ actionId, state }]);
  });

  it('ends with people where it cannot be planned', async () => {
    const world = createDeskWorld();
    const subject = put(world);
    const gone = { ...subject, name: 'gone' };
    expect(await climb(world, findingOf(kind, gone))).toMatchObject({ escalated: true, proposalIds: [] });
  });
});

it('an autoscaler is not raised past the bounds, and the thread says so', async () => {
  const world = createDeskWorld();
  const subject = object(inShop('HorizontalPodAutoscaler', 'web'), { minReplicas: 1, maxReplicas: 9 })(world);
  const incident = await climb(world, findingOf('autoscaler-at-max', subject));
  expect(incident?.proposalIds).toEqual([]);
  expect(incident?.timeline.map(({ text }) => text).join(' ')).toContain('It asks for 14 replicas; the bound is 10');
});
