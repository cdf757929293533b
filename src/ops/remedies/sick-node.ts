import type { Remedy, RemedyStep } from '../remedy.ts';
import { targetOf } from './steps.ts';

/** Close it to new pods, then move the ones that are there. A node whose kubelet is gone lets none go, so there people follow. */
export const sickNode: Remedy = {
  id: 'sick-node',
  findings: ['node-not-ready', 'node-pressure', 'node-problem'],
  steps({ subject, kind }): readonly RemedyStep[] {
    const target = targetOf(subject);
    const cordon: RemedyStep = {
      actionId: 'cordon-node',
      params: { target },
      reason: 'While it is like this, a pod that comes to it fares no better.',
      times: 1,
    };
    const drain: RemedyStep = {
      actionId: 'drain-node',
      params: { target },
      reason: 'Its pods run on borrowed time; elsewhere they do not.',
      times: 1,
      after: 'cordon-node',
    };
    return kind === 'node-not-ready' ? [cordon] : [cordon, drain];
  },
};
