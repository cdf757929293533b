import type { Remedy } from '../remedy.ts';
import { badRelease } from './bad-release.ts';
import { crashLoop } from './crash-loop.ts';
import { failedJob } from './failed-job.ts';
import { forgottenCordon } from './forgotten-cordon.ts';
import { fullVolume } from './full-volume.ts';
import { littleMemory } from './little-memory.ts';
import { narrowAutoscaler } from './narrow-autoscaler.ts';
import { sickNode } from './sick-node.ts';

/** Every remedy. Adding one is one file and one line here. */
export const remedies: readonly Remedy[] = [
  crashLoop,
  badRelease,
  sickNode,
  fullVolume,
  littleMemory,
  failedJob,
  narrowAutoscaler,
  forgottenCordon,
];
