import type { Remedy } from '../remedy.ts';
import { targetOf } from './steps.ts';

/** Room for the load that it follows; the bounds say how much at most. */
export const narrowAutoscaler: Remedy = {
  id: 'narrow-autoscaler',
  findings: ['autoscaler-at-max'],
  steps: ({ subject }) => [
    {
      actionId: 'set-autoscaler-bounds',
      params: { target: targetOf(subject), max: '+50%' },
      reason: 'The load has asked for more than its maximum for long; half as many again may carry it.',
      times: 1,
    },
  ],
};
