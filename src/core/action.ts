import { z } from 'zod';
import { Json } from './json.ts';
import { ResourceRef } from './resource-ref.ts';

export const Risk = z.enum(['low', 'medium', 'high']);
export type Risk = z.infer<typeof Risk>;

/** Where a proposal may come from. */
export const Surface = z.enum(['slash', 'button', 'auto', 'ai']);
export type Surface = z.infer<typeof Surface>;

export interface RbacRule {
  readonly apiGroup: string;
  readonly resource: string;
  readonly verbs: readonly string[];
  /** Only these objects, where given. */
  readonly names?: readonly string[];
}

/** One JSON Patch operation (RFC 6902). */
export const PatchOperation = z.object({
  op: z.enum(['test', 'add', 'replace', 'remove']),
  path: z.string(),
  value: Json.optional(),
});
export type PatchOperation = Readonly<z.infer<typeof PatchOperation>>;

/** What an action would do, made from the live object. Stored, shown, and made again just before execution. */
export const Plan = z.object({
  target: ResourceRef,
  /** One sentence with the exact effect: "Roll back checkout from revision 2 to 1 (image …)". */
  summary: z.string(),
  /** Who is touched: "3 pods, replaced one by one". */
  blastRadius: z.string(),
  /** At least the action's own risk; a plan may raise it. */
  risk: Risk,
  /** Unified diff of the object, from a server-side dry run; redacted. */
  diff: z.string(),
  /** The write. The guards (`test` operations) are part of it. */
  patch: z.array(PatchOperation),
  /** The write that puts the object back, or null when there is none. */
  inverse: z.array(PatchOperation).nullable(),
  /** Says how it is undone, or why it cannot be. */
  undo: z.string(),
  /** What the write goes to, one by one, where that is not the target itself: the pods that leave a node. */
  objects: z.array(ResourceRef).optional(),
  /** What attempts are counted under, where the target itself is replaced: the owner of a pod, the CronJob of a Job. */
  countedAs: ResourceRef.optional(),
  /** Workloads whose health tells whether it went well, where the target is none. */
  affects: z.array(ResourceRef).optional(),
  /**
   * What it asks of the cluster, for those who set bounds: replicas; cores and bytes of each pod's changed container; bytes of storage; nodes
   * that are taken out of service; ready pods that are taken away without asking their disruption budgets.
   */
  asks: z
    .object({
      replicas: z.number().optional(),
      cpu: z.number().optional(),
      memory: z.number().optional(),
      storage: z.number().optional(),
      nodes: z.number().optional(),
      pods: z.number().optional(),
    })
    .optional(),
  /** Resources of which its pods request another amount than before; autoscalers reckon with that. */
  requests: z.array(z.enum(['cpu', 'memory'])).optional(),
  /** Digest of the facts the plan rests on. A different basis at recheck means the world changed. */
  basis: z.string(),
});
export type Plan = Readonly<z.infer<typeof Plan>>;

/** Where a plan is felt: the namespaces of its target, of what it writes to, and of the workloads it affects. `''` is the cluster. */
export function namespacesOf({ target, objects = [], affects = [] }: Plan): readonly string[] {
  return [...new Set([target, ...objects, ...affects].map(({ namespace }) => namespace))];
}

/** How far an action is that takes many steps. */
export const Progress = z.object({
  /** What is left to do; 0 is the end of it. */
  left: z.number(),
  /** `2 of 5 pods have left; web-1 is held: …`. */
  text: z.string(),
  /** Epoch milliseconds since when no less is left. */
  since: z.number(),
});
export type Progress = Readonly<z.infer<typeof Progress>>;

/** A plan that cannot be made, with the reason in words people read. */
export interface Refusal {
  readonly refused: string;
}

const VerificationVerdict = z.enum(['improved', 'unchanged', 'worse', 'unknown']);

/** How a workload serves: the share of requests that fail (0 to 1) and how long they take, seconds; null where there is no sample. */
export const Traffic = z.object({ errorRate: z.number().nullable(), latency: z.number().nullable() });
export type Traffic = Readonly<z.infer<typeof Traffic>>;

/** What was measured of a workload at one moment; the before and the after of a proof. */
export const Measurement = z.object({
  at: z.number(),
  desired: z.number(),
  ready: z.number(),
  /** Sum of container restarts over the workload's present pods. */
  restarts: z.number(),
  /** Kinds of the findings that hold. */
  findings: z.array(z.string()),
  rolledOut: z.boolean(),
  /** True when only pods of the present template are left, ready or not. */
  replaced: z.boolean(),
  /** Epoch milliseconds since when every wanted pod has been ready without a restart; null while that is not so. */
  stableSince: z.number().nullable(),
  /** Whether the state that was asked for is there, where that is the proof and not how the pods do. */
  reached: z.boolean().optional(),
  /** Where Prometheus is asked for it. */
  traffic: Traffic.optional(),
});
export type Measurement = Readonly<z.infer<typeof Measurement>>;

/** Did it help? `settled` is false while the answer may still change. */
export const Verification = z.object({
  verdict: VerificationVerdict,
  settled: z.boolean(),
  sentence: z.string(),
});
export type Verification = Readonly<z.infer<typeof Verification>>;
