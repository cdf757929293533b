import { isDeepStrictEqual } from 'node:util';
import type { PatchOperation } from '../core/action.ts';
import type { Execution } from '../core/execution.ts';
import type { Workload } from '../core/ports/workloads.ts';
import type { OpsContext } from './context.ts';
import type { Reverted } from './guardrail.ts';

/** How far back changes of our own count, milliseconds, and how many are looked through. */
const backMs = 86_400_000;
const looked = 200;

/** Lifeguard's last change of this workload, where what it changed is again as it was before. What it undid itself does not count. */
export async function findReverted(live: Workload | undefined, context: OpsContext): Promise<Reverted | undefined> {
  if (live === undefined) return undefined;
  const since = context.clock.now() - backMs;
  const last = (await context.executions.recent(looked)).find((one) => isChangeOf(live, one, since));
  const { plan, appliedAt } = last ?? {};
  if (plan === undefined || appliedAt === undefined) return undefined;
  return plan.patch.some((operation) => isBack(operation, plan.patch, live))
    ? { at: appliedAt, summary: plan.summary }
    : undefined;
}

function isChangeOf({ ref }: Workload, { plan, appliedAt = 0, phase }: Execution, since: number): boolean {
  return plan?.target.uid === ref.uid && appliedAt >= since && (phase === 'proven' || phase === 'unproven');
}

/** Where in the live object each path is that Lifeguard changes. */
const readers: Readonly<Record<string, (live: Workload) => unknown>> = {
  '/spec/template': ({ template }) => template,
  '/spec/replicas': ({ desired }) => desired,
};

/** Its `test` says what was there before. */
function isBack({ op, path, value }: PatchOperation, patch: readonly PatchOperation[], live: Workload): boolean {
  const present = readers[path]?.(live);
  const before = patch.find((one) => one.op === 'test' && one.path === path)?.value;
  if (op !== 'replace' || present === undefined || before === undefined) return false;
  return isDeepStrictEqual(present, before) && !isDeepStrictEqual(present, value);
}
