import type { PatchOperation, Plan, Refusal } from '../../core/action.ts';
import { describeError, LifeguardError } from '../../core/errors.ts';
import { Json, readArray, readObject, readPath, readString } from '../../core/json.ts';
import type { LiveObject } from '../../core/ports/objects.ts';
import type { Workload } from '../../core/ports/workloads.ts';
import { parseQuantity } from '../../core/quantity.ts';
import { refName } from '../../core/resource-ref.ts';
import type { ActionContext } from '../context.ts';
import { type Resource, resources } from '../workload/amount.ts';
import { type Found, findContainer } from '../workload/containers.ts';
import { changeShares, type ResourceParams } from '../workload/resource-change.ts';
import {
  changedRequests,
  describeShares,
  mostOf,
  readShares,
  riskOfShares,
  type Shares,
  writeShares,
} from '../workload/resources.ts';
import { diffTemplates, digest } from '../workload/template-diff.ts';
import { countPods } from './target.ts';

/** Why it cannot be done in place, though perhaps with a rollout. */
export interface Obstacle {
  readonly obstacle: string;
}

/** What changing the running pods alone would do: no restart, and no change of the template that new pods come from. */
export async function planInPlace(
  live: Workload,
  params: ResourceParams,
  context: ActionContext,
): Promise<Plan | Refusal | Obstacle> {
  const name = `${live.ref.kind} ${refName(live.ref)}`;
  const pods = await findRunning(live, context);
  const [first] = pods;
  if (first === undefined) return { obstacle: 'no pod of it runs' };
  const found = findContainer(readObject({ spec: first.spec }), params.container);
  if ('refused' in found) return found;
  const raw = found.container['resources'];
  const before = readShares(raw);
  const after = changeShares(before, params);
  if ('refused' in after) return after;
  const changes = describeShares(before, after);
  if (changes === '') return { refused: `Container ${found.name} of the running pods of ${name} has that already.` };
  const resized = Json.parse(writeShares(raw, after));
  const patch = replaceResources(found, Json.parse(raw ?? {}), resized);
  const obstacle = findRestart(found, { before, after }) ?? (await rehearse(pods, patch, context));
  if (obstacle !== undefined) return { obstacle };
  return {
    target: live.ref,
    summary: `Resize container ${found.name} of ${countPods(pods)} of ${name} in place: ${changes}.`,
    blastRadius: `${countPods(pods)}, one after the other, none restarted. The template stays, so pods that come later, and the next rollout, have what it says.`,
    risk: riskOfShares(before, after),
    diff: diffTemplates({ resources: Json.parse(raw ?? {}) }, { resources: resized }),
    patch: [...patch],
    inverse: [...replaceResources(found, resized, Json.parse(raw ?? {}))],
    undo: 'If it does not help, the pods get back what they had, again without a restart.',
    objects: pods.map(({ ref }) => ref),
    asks: { cpu: mostOf(after.cpu), memory: mostOf(after.memory) },
    requests: changedRequests(before, after),
    basis: digest({ template: live.template, pods: pods.map(({ ref }) => ref.uid).toSorted(), before, after }),
  };
}

/** Pods of the workload that run and stay. */
async function findRunning({ ref }: Workload, { objects, observer }: ActionContext): Promise<readonly LiveObject[]> {
  const view = await observer.observe(ref);
  const uids = new Set(view.podsOf(ref).map(({ uid }) => uid));
  const pods = await objects.list({ kind: 'Pod', namespace: ref.namespace });
  return pods.filter(
    ({ ref: { uid }, status, deletion }) =>
      uids.has(uid) && deletion === undefined && readString(status, 'phase') === 'Running',
  );
}

function replaceResources({ index }: Found, from: Json, to: Json): readonly PatchOperation[] {
  const path = `/spec/containers/${index}/resources`;
  return [
    { op: 'test', path, value: from },
    { op: 'replace', path, value: to },
  ];
}

/** A container may ask to be restarted when one of its resources changes; then a rollout is gentler. */
function findRestart({ name, container }: Found, { before, after }: Record<'before' | 'after', Shares>) {
  const restarts = (resource: Resource): boolean =>
    readArray(container, 'resizePolicy').some(
      (one) => readString(one, 'resourceName') === resource && readString(one, 'restartPolicy') === 'RestartContainer',
    );
  const changed = resources.filter((one) => mostOf(before[one]) !== mostOf(after[one])).find(restarts);
  return changed === undefined ? undefined : `container ${name} wants to be restarted when its ${changed} changes`;
}

/** Tries it on every pod without keeping it; what the API server says against it, if anything. */
async function rehearse(
  pods: readonly LiveObject[],
  operations: readonly PatchOperation[],
  { objects }: ActionContext,
): Promise<string | undefined> {
  try {
    for (const { ref } of pods) await objects.patch({ ref, operations, part: 'resize', dryRun: true });
    return undefined;
  } catch (error) {
    if (!(error instanceof LifeguardError)) throw error;
    if (error.code === 'cluster-conflict') return 'its pods do not all have the same now';
    if (error.retry !== 'permanent') throw error;
    return describeError(error).replace(/\.$/, '');
  }
}

/** How far a pod is with what its spec asks for. */
export type Resized = { readonly is: 'done' } | { readonly is: 'waiting'; readonly why: string };

/** What the kubelet says: conditions of a resize, then what the container really has (Kubernetes documentation, Resize CPU and Memory). */
export function judgeResize({ status }: LiveObject, wanted: Found): Resized {
  const pending = readArray(status, 'conditions').find(
    (one) => readString(one, 'type')?.startsWith('PodResize') === true && readString(one, 'status') === 'True',
  );
  const words = [readString(pending, 'reason'), readString(pending, 'message')].filter((one) => one !== undefined);
  if (pending !== undefined) return { is: 'waiting', why: words.length === 0 ? 'in progress' : words.join(': ') };
  const own = readArray(status, 'containerStatuses').find((one) => readString(one, 'name') === wanted.name);
  const [has, asks] = [readShares(readPath(own, 'resources')), readShares(wanted.container['resources'])];
  const same = resources.every((one) => isClose(has[one].limit, asks[one].limit));
  return same ? { is: 'done' } : { is: 'waiting', why: 'its node has not taken it in yet' };
}

/** Cgroups round a little. */
function isClose(has: string | undefined, asked: string | undefined): boolean {
  if (asked === undefined) return true;
  const [real, wanted] = [parseQuantity(has ?? '') ?? 0, parseQuantity(asked) ?? 0];
  return Math.abs(real - wanted) <= wanted / 100;
}
