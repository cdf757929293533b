import { z } from 'zod';
import { Plan, Surface } from './action.ts';
import { Json } from './json.ts';
import { Ruling } from './verdict.ts';

export const ProposalState = z.enum(['awaiting-approval', 'approved', 'denied', 'rejected', 'expired', 'executed']);
export type ProposalState = z.infer<typeof ProposalState>;

export const Origin = z.object({
  surface: Surface,
  /** Slack user id; absent when Lifeguard proposed by itself. */
  user: z.string().optional(),
  /** Those of their user groups that the configuration names. */
  groups: z.array(z.string()).readonly().optional(),
});
export type Origin = Readonly<z.infer<typeof Origin>>;

/** A person's yes or no, or Lifeguard's own where the ladder says auto. */
export const Decision = z.object({
  by: z.string(),
  at: z.number(),
  note: z.string().optional(),
  /** Those of their user groups that the configuration names, when they decided. */
  groups: z.array(z.string()).readonly().optional(),
});
export type Decision = Readonly<z.infer<typeof Decision>>;

/** Action + parameters + reason + origin, bound to the plan that people saw. Its id is opaque and single use. */
export const Proposal = z.object({
  id: z.string(),
  version: z.number(),
  incidentId: z.string(),
  actionId: z.string(),
  params: Json,
  plan: Plan,
  /** Why this action: the remedy's sentence, or what the person typed. */
  reason: z.string(),
  origin: Origin,
  state: ProposalState,
  rulings: z.array(Ruling),
  createdAt: z.number(),
  expiresAt: z.number(),
  /** Who has said yes while one more has to. */
  firstApproval: Decision.optional(),
  decision: Decision.optional(),
  /** Set when a changed world made a new card. */
  supersededBy: z.string().optional(),
});
export type Proposal = Readonly<z.infer<typeof Proposal>>;

/** Whether it waits for somebody: for a person's answer, or for a worker who carries it out. */
export function isPending({ state }: Proposal): boolean {
  return state === 'awaiting-approval' || state === 'approved';
}
