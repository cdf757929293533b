import { z } from 'zod';
import { ResourceRef, refKey } from './resource-ref.ts';

export const Severity = z.enum(['critical', 'warning', 'info']);
export type Severity = z.infer<typeof Severity>;

/** 0 is the worst. */
export function severityRank(severity: Severity): number {
  return Severity.options.indexOf(severity);
}

/** What changed between two revisions of a pod template. */
export const Release = z.object({
  /** Null when the newer revision is the workload's first. */
  fromRevision: z.number().nullable(),
  toRevision: z.number(),
  /** Epoch milliseconds at which the newer revision was released. */
  at: z.number(),
  /** One change a line: `image of app: shop:1.0.0 -> shop:1.0.1`. */
  changes: z.array(z.string()),
});
export type Release = Readonly<z.infer<typeof Release>>;

/** A detector's judgement about one resource. */
export const Finding = z.object({
  detector: z.string(),
  /** What is wrong, as an id: one detector may judge several kinds. */
  kind: z.string(),
  subject: ResourceRef,
  severity: Severity,
  /** `crash loop`: completes "shop/checkout: …". */
  title: z.string(),
  /** The deterministic cause: a sentence a line, how it fails first, then what changed, then what its log means and says. */
  cause: z.string(),
  /** What this cause calls for, where what its kind does would be too general: one sentence, with the places of next steps in it. Becomes part of `next`. */
  step: z.string().optional(),
  /** What a person would do next, a line each, the most telling first; absent where a detector has just judged, before it was explained. */
  next: z.string().optional(),
  /** Epoch milliseconds of the first fact that the judgement rests on. */
  since: z.number(),
  /** How often it was seen: crashes, for a crash loop. */
  occurrences: z.number(),
  affectedPods: z.number(),
  totalPods: z.number(),
  /** Pods of the workload that answer, and how many should; absent for what is no workload. */
  serving: z.object({ ready: z.number(), wanted: z.number() }).optional(),
  /** Through what requests from outside reach the workload: `Ingress shop/front`; absent where nothing is known that does. */
  exposed: z.string().optional(),
  /** What people notice, where that is not a number of pods: `2 of 3 backends answer nothing`. */
  impact: z.string().optional(),
  /** The pod and container whose log tells the story. */
  exemplar: z.object({ pod: z.string(), container: z.string(), previous: z.boolean() }).optional(),
  /** Present where another system says so; absent where it was seen in the cluster. */
  reportedBy: z.enum(['alertmanager']).optional(),
  /** Fingerprints of the alerts that say so. */
  alerts: z.array(z.string()).optional(),
  /** Objects that the cause names: what is missing, full or broken. Findings that name the same one belong together. */
  about: z.array(ResourceRef).optional(),
  /** Present when the trouble began after a release of the same workload. */
  release: Release.optional(),
});
export type Finding = Readonly<z.infer<typeof Finding>>;

/** What makes a finding the same one when it is seen again: `crash-loop Deployment shop/checkout`. */
export function findingKey({ kind, subject }: Pick<Finding, 'kind' | 'subject'>): string {
  return `${kind} ${refKey(subject)}`;
}
