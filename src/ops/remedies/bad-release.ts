import type { Remedy } from '../remedy.ts';
import { rollBackStep } from './steps.ts';

/** What cannot start since a release: roll it back. Without a release, people. */
export const badRelease: Remedy = {
  id: 'bad-release',
  findings: [
    'container-config',
    'create-failed',
    'evicted',
    'image-pull',
    'init-stuck',
    'liveness-failing',
    'readiness-failing',
    'rollout-stuck',
    'startup-failing',
    'unschedulable',
  ],
  steps: (finding) => rollBackStep(finding),
};
