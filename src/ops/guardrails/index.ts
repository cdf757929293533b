import type { Guardrail } from '../guardrail.ts';
import { attempts } from './attempts.ts';
import { autonomy } from './autonomy.ts';
import { budget } from './budget.ts';
import { killSwitch } from './kill-switch.ts';
import { protectedNamespaces } from './protected-namespaces.ts';
import { rolloutInProgress } from './rollout-in-progress.ts';

/** Every guardrail, in the order people read them. Adding one is one file and one line here. */
export const guardrails: readonly Guardrail[] = [
  killSwitch,
  protectedNamespaces,
  autonomy,
  attempts,
  budget,
  rolloutInProgress,
];
