import type { DetectorEntry } from '../detector.ts';
import { crashLoop } from './crash-loop.ts';

/** Every detector. Adding one is one file and one line here. */
export const detectors = [crashLoop] as const satisfies readonly DetectorEntry[];

export type FindingKind = keyof (typeof detectors)[number]['kinds'];
