import type { Plan } from '../core/action.ts';
import type { Execution } from '../core/execution.ts';
import { isJsonObject, readPath } from '../core/json.ts';
import type { LiveObject } from '../core/ports/objects.ts';
import type { Workload } from '../core/ports/workloads.ts';
import type { OpsContext } from './context.ts';
import type { Reverted } from './guardrail.ts';

/** How far back changes of our own count, milliseconds, and how many are looked through. */
const backMs = 86_400_000;
const looked = 200;

/**
 * Lifeguard's last change of this object, where some of what it changed is again as it was before, and the rest as Lifeguard left it: one limit of
 * several is enough. What it undid itself does not count, and neither does a release that changes any of it to something new.
 */
export async function findReverted(
  live: Workload | LiveObject | undefined,
  context: OpsContext,
): Promise<Reverted | undefined> {
  if (live === undefined) return undefined;
  const since = context.clock.now() - backMs;
  const last = (await context.executions.recent(looked)).find((one) => isChangeOf(live.ref.uid, one, since));
  const { plan, appliedAt } = last ?? {};
  if (plan === undefined || appliedAt === undefined) return undefined;
  return isPutBack(plan, contentOf(live)) ? { at: appliedAt, summary: plan.summary } : undefined;
}

function isChangeOf(uid: string | undefined, { plan, appliedAt = 0, phase }: Execution, since: number): boolean {
  return plan?.target.uid === uid && appliedAt >= since && (phase === 'proven' || phase === 'unproven');
}

function contentOf(live: Workload | LiveObject): object {
  if ('data' in live) return { spec: live.spec, data: live.data };
  return { spec: { template: live.template, replicas: live.desired, paused: live.paused } };
}

/** The inverse says what was there before; without a way back there is nothing to put back. */
function isPutBack({ patch, inverse }: Plan, live: object): boolean {
  return (inverse ?? [])
    .filter(({ op, path }) => op !== 'test' && /^\/(?:spec|data)\b/.test(path))
    .some(({ path, value }) => {
      const applied = leavesOf(patch.find((one) => one.op !== 'test' && one.path === path)?.value);
      const before = leavesOf(value);
      const present = leavesOf(readPath(live, ...path.slice(1).split('/')));
      const changed = [...new Set([...applied.keys(), ...before.keys()])].filter(
        (leaf) => applied.get(leaf) !== before.get(leaf),
      );
      const isBack = (leaf: string): boolean => present.get(leaf) === before.get(leaf);
      return changed.some(isBack) && changed.every((leaf) => isBack(leaf) || present.get(leaf) === applied.get(leaf));
    });
}

/** Each value that holds no others, by its path. What is off and what is absent are the same to Kubernetes. */
function leavesOf(value: unknown, path = ''): ReadonlyMap<string, unknown> {
  if (!isJsonObject(value) && !Array.isArray(value))
    return new Map(value === undefined || value === false ? [] : [[path, value]]);
  return new Map(Object.entries(value).flatMap(([name, inner]) => [...leavesOf(inner, `${path}/${name}`)]));
}
