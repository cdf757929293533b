import type { Plan } from '../../core/action.ts';
import { allow, deny } from '../../core/verdict.ts';
import type { Guardrail } from '../guardrail.ts';

const gib = 2 ** 30;

/** What nobody gets past from here, not even with an approval: who needs more changes the configuration. */
export const bounds: Guardrail = {
  id: 'bounds',
  promise: 'No workload gets more replicas, CPU or memory than the configured bounds.',
  judge({ plan, policy }) {
    const { replicas, cpu, memory } = policy.bounds;
    const { asks = {} } = plan;
    const broken = [
      exceeds(asks.replicas, replicas, (count) => `${count} replicas`),
      exceeds(asks.cpu, cpu, (cores) => `${cores} cores`),
      exceeds(asks.memory, memory, (bytes) => `${(bytes / gib).toFixed(1)} GiB`),
    ].find((problem) => problem !== undefined);
    if (broken !== undefined) return deny(broken);
    return allow(asksNothing(asks) ? 'It asks for nothing that has a bound.' : 'It stays within the bounds.');
  },
};

/** Not a number is not within anything. */
function exceeds(asked: number | undefined, most: number, format: (amount: number) => string): string | undefined {
  if (asked === undefined || asked <= most) return undefined;
  return `It asks for ${format(asked)}; the bound is ${format(most)} (policy.bounds).`;
}

function asksNothing(asks: NonNullable<Plan['asks']>): boolean {
  return Object.values(asks).every((amount) => amount === undefined);
}
