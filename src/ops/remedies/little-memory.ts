import { isWorkloadRef } from '../../core/resource-ref.ts';
import type { Remedy } from '../remedy.ts';
import { targetOf } from './steps.ts';

/** A little more before it is killed for want of it; once it is, the ladder for crash loops decides. */
export const littleMemory: Remedy = {
  id: 'little-memory',
  findings: ['memory-near-limit'],
  steps: ({ subject }) =>
    isWorkloadRef(subject)
      ? [
          {
            actionId: 'set-resources',
            params: { target: targetOf(subject), memory: '+25%' },
            reason: 'It is killed when it reaches its limit; a quarter more is the least that may keep it running.',
            times: 1,
          },
        ]
      : [],
};
