import type { Measurement } from '../../core/action.ts';
import type { ResourceRef } from '../../core/resource-ref.ts';
import type { ActionContext } from '../context.ts';
import { measureWorkload } from './measurement.ts';

/** How those of them that are still there do, all in all. */
export async function measureWorkloads(targets: readonly ResourceRef[], context: ActionContext): Promise<Measurement> {
  const measured = await Promise.all(targets.map((target) => measureWorkload({ target }, context)));
  const known = measured.filter((one) => one !== undefined);
  return sumUp(known, context.clock.now());
}

/** Several workloads as one: the sums, the worst, the youngest. */
function sumUp(parts: readonly Measurement[], at: number): Measurement {
  const sum = (field: 'desired' | 'ready' | 'restarts') => parts.reduce((total, part) => total + part[field], 0);
  const starts = parts.map(({ stableSince }) => stableSince);
  const isCalm = parts.length > 0 && !starts.includes(null);
  return {
    at,
    desired: sum('desired'),
    ready: sum('ready'),
    restarts: sum('restarts'),
    findings: [...new Set(parts.flatMap(({ findings }) => findings))],
    rolledOut: parts.every(({ rolledOut }) => rolledOut),
    replaced: parts.every(({ replaced }) => replaced),
    stableSince: isCalm ? Math.max(...starts.map(Number)) : null,
  };
}
