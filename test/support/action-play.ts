import { setTimeout as pause } from 'node:timers/promises';
import { deploymentManifest } from '../../demo/shop.ts';
import { detectors } from '../../src/analysis/detectors/index.ts';
import { evaluateSubject } from '../../src/analysis/evaluation.ts';
import type { Plan } from '../../src/core/action.ts';
import { type Json, readObject } from '../../src/core/json.ts';
import type { Workload } from '../../src/core/ports/workloads.ts';
import type { WorkloadRef } from '../../src/core/resource-ref.ts';
import { type ActionId, findAction } from '../../src/ops/actions/index.ts';
import type { ActionContext } from '../../src/ops/context.ts';
import { targetOf } from '../../src/ops/remedies/steps.ts';
import { createClusterReader } from '../../src/platform/kubernetes/cluster-reader.ts';
import type { HttpClient } from '../../src/platform/kubernetes/http-client.ts';
import { createObjects } from '../../src/platform/kubernetes/objects.ts';
import { noWatchMetrics } from '../../src/platform/kubernetes/watch-metrics.ts';
import { createWorkloads } from '../../src/platform/kubernetes/workloads.ts';
import { systemClock } from '../../src/platform/system/clock.ts';
import { createObserver } from '../../src/signals/observer.ts';
import { createFakeConfigHistory } from './fakes/config-history.ts';
import { policy } from './guardrail-case.ts';
import { untilThere } from './patience.ts';

/** Something an action does to a running workload, and what tells that it did. */
export interface ActionCase {
  readonly action: ActionId;
  readonly kind: WorkloadRef['kind'];
  readonly params: Readonly<Record<string, Json>>;
  /** What it changes, as the API server has it. */
  readonly read: (live: Workload) => unknown;
  /** The action that has to come before. */
  readonly first?: ActionId;
}

const templateOf = ({ template }: Workload): unknown => template;
const both = ['Deployment', 'StatefulSet'] as const;
const all = [...both, 'DaemonSet'] as const;

export const actionCases: readonly ActionCase[] = [
  ...both.map(
    (kind): ActionCase => ({ action: 'scale-workload', kind, params: { replicas: 2 }, read: ({ desired }) => desired }),
  ),
  ...all.map(
    (kind): ActionCase => ({ action: 'set-image', kind, params: { image: 'test.local/app:1.0.1' }, read: templateOf }),
  ),
  ...all.map((kind): ActionCase => ({ action: 'set-resources', kind, params: { memory: '+50%' }, read: templateOf })),
  ...all.map(
    (kind): ActionCase => ({ action: 'rollback-workload', kind, params: {}, read: templateOf, first: 'set-image' }),
  ),
  ...all.map((kind): ActionCase => ({ action: 'restart-workload', kind, params: {}, read: templateOf })),
  { action: 'pause-rollout', kind: 'Deployment', params: {}, read: ({ paused }) => paused },
  { action: 'resume-rollout', kind: 'Deployment', params: {}, read: ({ paused }) => paused, first: 'pause-rollout' },
];

export interface Played {
  /** From the click, so with the plan that is made then, until it was written, milliseconds. */
  readonly appliedMs: number;
  /** From the click until it was proven, milliseconds. */
  readonly provenMs: number;
  readonly verdict: string;
  readonly changed: boolean;
  /** Whether all is as before once it was undone; undefined where the action has no way back. */
  readonly restored: boolean | undefined;
}

/** What actions need, on a real cluster; quick to be sure. */
export function openActions(http: HttpClient): ActionContext {
  const reader = createClusterReader({ http, clock: systemClock, random: Math.random, metrics: noWatchMetrics });
  const configured = detectors.map((detector) => detector.configure({}));
  return {
    clock: systemClock,
    policy: {
      ...policy,
      verification: { stableForMs: 1_000, deadlineMs: 180_000, everyMs: 250, traffic: { tolerance: 0.2 } },
    },
    workloads: createWorkloads(http),
    objects: createObjects(http),
    observer: createObserver(reader),
    configHistory: createFakeConfigHistory(),
    detect: (subject, view) => evaluateSubject(configured, { subject, view, now: Date.now() }).findings,
    health: { mark: async () => undefined, known: async () => new Map() },
    // What these actions are done to are objects; those that are about alerts bring their own.
    alerts: { all: async () => [] },
    incidents: { get: async () => undefined, countOpen: async () => 0 },
    journal: { note: async () => undefined, touch: async () => undefined },
  };
}

/** Makes the workload, plans, applies twice, proves, undoes, and says what was seen. */
export async function playAction(
  one: ActionCase,
  name: string,
  place: { readonly http: HttpClient; readonly namespace: string; readonly context: ActionContext },
): Promise<Played> {
  const { http, namespace, context } = place;
  await http.json({
    path: `/apis/apps/v1/namespaces/${namespace}/${one.kind.toLowerCase()}s`,
    method: 'POST',
    body: JSON.stringify(manifestOf(one.kind, name, namespace)),
  });
  const target: WorkloadRef = { kind: one.kind, namespace, name };
  await untilReady(target, context);
  if (one.first !== undefined) {
    const params = actionCases.find(({ action }) => action === one.first)?.params ?? {};
    const plan = await planOf(one.first, { target: targetOf(target), ...params }, context);
    await findAction(one.first)?.execute({ plan, mark: 'first' }, context);
    if (one.first !== 'pause-rollout') await prove(one.first, plan, context);
  }
  const action = findAction(one.action);
  const before = one.read(await readLive(target, context));
  const startedAt = Date.now();
  const plan = await planOf(one.action, { target: targetOf(target), ...one.params }, context);
  await action?.execute({ plan, mark: 'apply' }, context);
  const appliedMs = Date.now() - startedAt;
  await action?.execute({ plan, mark: 'apply' }, context);
  const verdict = await prove(one.action, plan, context);
  const provenMs = Date.now() - startedAt;
  const changed = !same(one.read(await readLive(target, context)), before);
  if (action?.undo === undefined) return { appliedMs, provenMs, verdict, changed, restored: undefined };
  await action.undo({ plan, mark: 'undo' }, context);
  return { appliedMs, provenMs, verdict, changed, restored: same(one.read(await readLive(target, context)), before) };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export async function planOf(
  id: ActionId,
  params: Readonly<Record<string, Json>>,
  context: ActionContext,
): Promise<Plan> {
  const made = await findAction(id)?.bind(params).plan(context);
  if (made === undefined || 'refused' in made) throw new Error(`${id}: ${made?.refused ?? 'no such action'}`);
  return made;
}

export async function prove(id: ActionId, plan: Plan, context: ActionContext): Promise<string> {
  const action = findAction(id);
  const appliedAt = Date.now();
  const before = await action?.measure(plan, context);
  for (;;) {
    const after = await action?.measure(plan, context);
    if (before === undefined || after === undefined || action === undefined) return 'gone';
    const { settled, verdict } = action.verify({ plan, before, after, appliedAt, now: Date.now() }, context);
    if (settled) return verdict;
    await pause(context.policy.verification.everyMs);
  }
}

async function readLive(target: WorkloadRef, { workloads }: ActionContext): Promise<Workload> {
  const live = await workloads.read(target);
  if (live === undefined) throw new Error(`${target.name} is gone`);
  return live;
}

async function untilReady(target: WorkloadRef, context: ActionContext): Promise<void> {
  await untilThere(`readiness of ${target.name}`, async () => {
    const { desired, ready, updated } = await readLive(target, context);
    return (desired > 0 && ready === desired && updated === desired) || undefined;
  });
}

/** One pod with a memory limit, as each kind declares it. */
function manifestOf(kind: WorkloadRef['kind'], name: string, namespace: string): object {
  const made = deploymentManifest(namespace, { name, replicas: 1, version: '1.0.0', memoryLimit: '64Mi' });
  const { replicas, strategy: _, ...spec } = readObject(made, 'spec');
  const own = { Deployment: { replicas }, StatefulSet: { replicas, serviceName: name }, DaemonSet: {} }[kind];
  return { ...made, kind, spec: { ...spec, ...own } };
}
