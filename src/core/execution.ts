import { z } from 'zod';
import { Measurement, Plan, Progress, Verification } from './action.ts';
import { Decision } from './proposal.ts';
import { Ruling } from './verdict.ts';

/**
 * rechecking -> applying -> (advancing, where it takes many steps) -> verifying -> proven | unproven | undoing -> undone; or refused before
 * anything was written.
 * `unproven` also covers "did not help and could not be undone"; the reason says which.
 */
export const ExecutionPhase = z.enum([
  'rechecking',
  'applying',
  'advancing',
  'verifying',
  'undoing',
  'proven',
  'unproven',
  'undone',
  'refused',
]);
export type ExecutionPhase = z.infer<typeof ExecutionPhase>;

/** One run of one proposal; it shares the proposal's id, so there is never a second. */
export const Execution = z.object({
  id: z.string(),
  version: z.number(),
  incidentId: z.string(),
  actionId: z.string(),
  phase: ExecutionPhase,
  /** The plan as re-made at the recheck; what is applied. */
  plan: Plan.optional(),
  /** What the guardrails said at the recheck. */
  rulings: z.array(Ruling).optional(),
  before: Measurement.optional(),
  after: Measurement.optional(),
  verification: Verification.optional(),
  progress: Progress.optional(),
  /** A person wants it to go no further. */
  stop: Decision.optional(),
  startedAt: z.number(),
  appliedAt: z.number().optional(),
  finishedAt: z.number().optional(),
  /** Why it was refused, or why it ended as it did. */
  outcome: z.string().optional(),
});
export type Execution = Readonly<z.infer<typeof Execution>>;

const finalPhases: ReadonlySet<ExecutionPhase> = new Set(['proven', 'unproven', 'undone', 'refused']);

export function isFinished(execution: Execution): boolean {
  return finalPhases.has(execution.phase);
}
