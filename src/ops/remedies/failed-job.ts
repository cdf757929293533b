import type { Remedy } from '../remedy.ts';
import { targetOf } from './steps.ts';

/** Once more, where a person says that it may run twice. A CronJob runs again by itself. */
export const failedJob: Remedy = {
  id: 'failed-job',
  findings: ['job-failed'],
  steps: ({ subject }) => [
    {
      actionId: 'rerun-job',
      params: { target: targetOf(subject) },
      reason: 'It does not run again by itself; where what failed it has passed, one more run is all it needs.',
      times: 1,
    },
  ],
};
