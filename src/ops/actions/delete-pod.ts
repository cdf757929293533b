import { defineAction } from '../action.ts';
import { type Departure, measureDeparture, planDeparture, verifyDeparture } from '../pod/departure.ts';
import { departed, PodParams, podRbac } from '../pod/target.ts';

const deletion: Departure = {
  verb: 'Delete',
  asksBudgets: false,
  async rehearse(ref, { objects }) {
    await objects.remove({ ref, dryRun: true });
    return undefined;
  },
};

export const deletePod = defineAction({
  id: 'delete-pod',
  title: 'Delete pod',
  risk: 'low',
  surfaces: ['slash', 'button', 'ai'],
  rbac: [...podRbac, { apiGroup: '', resource: 'pods', verbs: ['delete'] }],
  command: { name: 'delete-pod', arguments: ['target'], help: 'Delete a pod, so that its owner makes another.' },
  targets: ['Pod'],
  endsRollout: false,
  lasting: false,
  params: PodParams,
  plan: ({ target }, context) => planDeparture(target, deletion, context),
  execute: async ({ plan }, { objects }) => {
    for (const ref of departed(plan)) await objects.remove({ ref, dryRun: false });
  },
  isApplied: async ({ plan }, context) => (await measureDeparture(plan, context)).reached === true,
  measure: measureDeparture,
  verify: verifyDeparture,
});
