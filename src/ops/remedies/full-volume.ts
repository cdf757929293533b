import type { Remedy } from '../remedy.ts';
import { targetOf } from './steps.ts';

/** A larger volume buys time; what fills it is for people. Few inodes are not helped for certain, so they go to people at once. */
export const fullVolume: Remedy = {
  id: 'full-volume',
  findings: ['volume-nearly-full'],
  steps: ({ subject }) => [
    {
      actionId: 'expand-volume',
      params: { target: targetOf(subject), size: '+50%' },
      reason: 'What writes to it fails once it is full; half as much again gives time to find out what fills it.',
      times: 1,
    },
  ],
};
