import { formatBytes } from '../../analysis/explain/bytes.ts';
import { allow, denyForGood } from '../../core/verdict.ts';
import type { Guardrail } from '../guardrail.ts';

/** What nobody gets past from here, not even with an approval: who needs more changes the configuration. */
export const bounds: Guardrail = {
  id: 'bounds',
  promise: 'No workload gets more replicas, CPU, memory or storage than the configured bounds.',
  judge({ plan, policy }) {
    const { replicas, cpu, memory, storage } = policy.bounds;
    const { asks = {} } = plan;
    const broken = [
      exceeds(asks.replicas, replicas, (count) => `${count} replicas`),
      exceeds(asks.cpu, cpu, (cores) => `${cores} cores`),
      exceeds(asks.memory, memory, (bytes) => `${formatBytes(bytes)} of memory`),
      exceeds(asks.storage, storage, (bytes) => `${formatBytes(bytes)} of storage`),
    ].find((problem) => problem !== undefined);
    if (broken !== undefined) return denyForGood(broken);
    return allow('It asks for nothing past the bounds.');
  },
};

/** Not a number is not within anything. */
function exceeds(asked: number | undefined, most: number, format: (amount: number) => string): string | undefined {
  if (asked === undefined || asked <= most) return undefined;
  return `It asks for ${format(asked)}; the bound is ${format(most)} (policy.bounds).`;
}
