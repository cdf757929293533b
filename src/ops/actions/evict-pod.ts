import { LifeguardError } from '../../core/errors.ts';
import { defineAction } from '../action.ts';
import { type Departure, measureDeparture, planDeparture, verifyDeparture } from '../pod/departure.ts';
import { departed, evictionRbac, PodParams, podRbac } from '../pod/target.ts';

const eviction: Departure = {
  verb: 'Evict',
  asksBudgets: true,
  rehearse: (ref, { objects }) => objects.evict({ ref, dryRun: true }),
};

export const evictPod = defineAction({
  id: 'evict-pod',
  title: 'Evict pod',
  risk: 'low',
  surfaces: ['slash', 'button', 'ai'],
  rbac: [...podRbac, evictionRbac],
  command: {
    name: 'evict',
    arguments: ['target'],
    help: 'Move a pod elsewhere, where its disruption budgets allow that.',
  },
  targets: ['Pod'],
  endsRollout: false,
  lasting: false,
  params: PodParams,
  plan: ({ target }, context) => planDeparture(target, eviction, context),
  execute: async ({ plan }, { objects }) => {
    for (const ref of departed(plan)) {
      const hold = await objects.evict({ ref, dryRun: false });
      if (hold !== undefined) throw new LifeguardError(hold, { code: 'cluster-conflict', retry: 'conflict' });
    }
  },
  isApplied: async ({ plan }, context) => (await measureDeparture(plan, context)).reached === true,
  measure: measureDeparture,
  verify: verifyDeparture,
});
