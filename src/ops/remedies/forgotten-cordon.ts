import type { Remedy } from '../remedy.ts';
import { targetOf } from './steps.ts';

/** Somebody closed it and may still have a reason, so it is only ever asked. */
export const forgottenCordon: Remedy = {
  id: 'forgotten-cordon',
  findings: ['node-cordoned'],
  steps: ({ subject }) => [
    {
      actionId: 'uncordon-node',
      params: { target: targetOf(subject) },
      reason: 'It has been closed for longer than maintenance takes, so it may have been forgotten.',
      times: 1,
    },
  ],
};
