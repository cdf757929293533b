import type { Guardrail } from '../guardrail.ts';
import { annotations } from './annotations.ts';
import { attempts } from './attempts.ts';
import { autonomy } from './autonomy.ts';
import { autoscaled } from './autoscaled.ts';
import { bounds } from './bounds.ts';
import { budget } from './budget.ts';
import { capacity } from './capacity.ts';
import { disruptionBudgets } from './disruption-budgets.ts';
import { fight } from './fight.ts';
import { freeze } from './freeze.ts';
import { killSwitch } from './kill-switch.ts';
import { memoryRaises } from './memory-raises.ts';
import { nodes } from './nodes.ts';
import { ownership } from './ownership.ts';
import { protectedNamespaces } from './protected-namespaces.ts';
import { rights } from './rights.ts';
import { rolloutInProgress } from './rollout-in-progress.ts';
import { storm } from './storm.ts';
import { twoPersons } from './two-persons.ts';

/** Every guardrail, in the order people read them. Adding one is one file and one line here. */
export const guardrails: readonly Guardrail[] = [
  killSwitch,
  protectedNamespaces,
  annotations,
  autonomy,
  rights,
  twoPersons,
  freeze,
  bounds,
  capacity,
  attempts,
  budget,
  memoryRaises,
  nodes,
  disruptionBudgets,
  storm,
  rolloutInProgress,
  autoscaled,
  ownership,
  fight,
];
