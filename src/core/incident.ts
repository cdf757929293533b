import { z } from 'zod';
import { Attention, Callee } from './attention.ts';
import { Evidence, Injection } from './evidence.ts';
import { Explanation } from './explanation.ts';
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
    'stopped',
    'proven',
    'unproven',
    'undone',
    'refused',
    'escalated',
    'joined',
    'promoted',
    'left',
    'merged',
    'silenced',
    'unsilenced',
    'acknowledged',
    'assigned',
    'snoozed',
    'woken',
    'dismissed',
    'called',
    'resolved',
  ]),
  text: z.string(),
  /** The person who decided it: a Slack user id. */
  by: z.string().optional(),
  /** Who is called with it. */
  call: Callee.optional(),
  /** Of a denial: when the guardrails will be asked again, epoch milliseconds; absent where only people can change it. */
  askedAgainAt: z.number().optional(),
});
export type TimelineEntry = Readonly<z.infer<typeof TimelineEntry>>;

/** A finding that belongs to the incident because of another one in it. */
export const Related = z.object({
  finding: Finding,
  /** Why it belongs here: `its pods run on node-3, 40 s apart`. */
  because: z.string(),
  /** False once it no longer holds. */
  holds: z.boolean(),
});
export type Related = Readonly<z.infer<typeof Related>>;

/** Related findings with identity, state and a thread. */
export const Incident = z.object({
  /** `inc-` and eight letters or digits; shown to people. */
  id: z.string(),
  version: z.number(),
  fingerprint: z.string(),
  cluster: z.string(),
  /** Where it is told: a Slack channel's id. */
  channel: z.string().default(''),
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
  /** The cause, as far as it is known: the one finding that no other explains. Absent for a change that a person asked for. */
  finding: Finding.optional(),
  /** False once that finding no longer holds; the incident goes on while a related one does. */
  holds: z.boolean().default(true),
  /** What it explains, in the order of joining. */
  related: z.array(Related).default([]),
  /** Silences set in Alertmanager for this incident's alerts: their ids, the alerts' names, and when they end (epoch milliseconds). */
  silences: z.array(z.object({ id: z.string(), name: z.string(), until: z.number() })).default([]),
  attention: Attention.prefault({}),
  /** The incident that took this one's place. */
  mergedInto: z.string().optional(),
  evidence: z.array(Evidence),
  /** For which finding (`findingKey`) evidence was gathered last, and how often it was. */
  gathered: z.object({ of: z.string(), times: z.number() }).optional(),
  /** What in its evidence tries to give instructions; absent where nothing does. */
  injections: z.array(Injection).optional(),
  /** What a model made of it; absent where none was asked, or where it was asked about other evidence. */
  explanation: Explanation.optional(),
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

/** Since when it has been about its present cause, epoch milliseconds; what was proposed before that was for another one, or for the last time. */
export function causeSince({ timeline, openedAt }: Pick<Incident, 'timeline' | 'openedAt'>): number {
  return timeline.findLast(({ kind }) => kind === 'reopened' || kind === 'promoted')?.at ?? openedAt;
}

/** Everything the incident is about that holds; the cause first. */
export function holdingFindings({
  finding,
  holds,
  related,
}: Pick<Incident, 'finding' | 'holds' | 'related'>): readonly Finding[] {
  const effects = related.filter((one) => one.holds).map((one) => one.finding);
  return finding === undefined || !holds ? effects : [finding, ...effects];
}

/** What is done to the incident itself and to nothing in the cluster, as to its alerts, is done to this. */
export const incidentKind = 'Incident';

/** Where its cause is, and by its id. */
export function incidentRef({ id, subject }: Pick<Incident, 'id' | 'subject'>): ResourceRef {
  return { kind: incidentKind, namespace: subject.namespace, name: id };
}

/** The incident that a ref is about; undefined where it is about an object of the cluster. */
export function incidentIdOf({ kind, name }: ResourceRef): string | undefined {
  return kind === incidentKind ? name : undefined;
}
