import type { Remedy } from '../remedy.ts';
import { badRelease } from './bad-release.ts';
import { crashLoop } from './crash-loop.ts';
import { sickNode } from './sick-node.ts';

/** Every remedy. Adding one is one file and one line here. */
export const remedies: readonly Remedy[] = [crashLoop, badRelease, sickNode];
