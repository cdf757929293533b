import { z } from 'zod';
import { Evidence } from './evidence.ts';
import { Finding, Severity } from './finding.ts';
import { ResourceRef } from './resource-ref.ts';

export const TimelineEntry = z.object({
  at: z.number(),
  kind: z.enum([
    'opened',
    'observed',
    'cleared',
    'reopened',
    'proposed',
    'denied',
    'approved',
    'rejected',
    'expired',
    'applied',
    'proven',
    'unproven',
    'undone',
    'refused',
    'escalated',
    'resolved',
  ]),
  text: z.string(),
  /** Of a denial: when the guardrails will be asked again, epoch milliseconds; absent where only people can change it. */
  askedAgainAt: z.number().optional(),
});
export type TimelineEntry = Readonly<z.infer<typeof TimelineEntry>>;

/** Related findings with identity, state and a thread. */
export const Incident = z.object({
  /** `inc-` and eight letters or digits; shown to people. */
  id: z.string(),
  version: z.number(),
  fingerprint: z.string(),
  cluster: z.string(),
  subject: ResourceRef,
  kind: z.string(),
  severity: Severity,
  title: z.string(),
  cause: z.string(),
  state: z.enum(['open', 'resolved']),
  /** True once Lifeguard has nothing left to try and people must take over. */
  escalated: z.boolean(),
  /** True while an execution is under way: its verification, not the first silence, closes the incident. */
  executing: z.boolean(),
  /** Epoch milliseconds since when the finding no longer holds; absent while it holds. */
  clearedAt: z.number().optional(),
  finding: Finding.optional(),
  evidence: z.array(Evidence),
  timeline: z.array(TimelineEntry),
  /** Newest last. */
  proposalIds: z.array(z.string()),
  occurrences: z.number(),
  reopened: z.number(),
  openedAt: z.number(),
  updatedAt: z.number(),
  resolvedAt: z.number().optional(),
});
export type Incident = Readonly<z.infer<typeof Incident>>;
