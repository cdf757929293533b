import { z } from 'zod';
import { namespacesOf, type Plan, type Risk } from './action.ts';
import { matches } from './pattern.ts';

/**
 * How much Lifeguard may do by itself.
 * observe: it only reports · suggest: it names the fix, a person asks for it or approves it · approve: it also calls the approvers
 * by name · auto: it acts alone, only where the plan's risk is low.
 */
export const Autonomy = z.enum(['observe', 'suggest', 'approve', 'auto']);
export type Autonomy = z.infer<typeof Autonomy>;

export const Role = z.enum(['viewer', 'operator', 'approver', 'admin']);
export type Role = z.infer<typeof Role>;

interface AutonomyRule {
  readonly namespaces: readonly string[];
  readonly actions: readonly string[];
  readonly autonomy: Autonomy;
}

/** What the configuration says about acting. Pure data; durations in milliseconds. */
export interface Policy {
  readonly autonomy: Autonomy;
  /** First match wins; `*` matches everything. */
  readonly rules: readonly AutonomyRule[];
  readonly protectedNamespaces: readonly string[];
  readonly maxAutoRisk: Risk;
  readonly approvalExpiresMs: number;
  /** Who may say yes. Two people where the namespace or the plan's risk is named. */
  readonly approval: {
    readonly byRequester: boolean;
    readonly twoPersons: { readonly namespaces: readonly string[]; readonly risks: readonly Risk[] };
  };
  /** Of one workload: `max` for one cause within the window, `daily` for all causes within 24 h. */
  readonly attempts: {
    readonly max: number;
    readonly daily: number;
    readonly backoffMs: number;
    readonly windowMs: number;
  };
  readonly budget: { readonly cluster: number; readonly namespace: number; readonly windowMs: number };
  /** The most that anything may get: replicas, and cores and bytes of a container; how often memory is raised by itself; and the like. */
  readonly bounds: {
    readonly replicas: number;
    readonly cpu: number;
    readonly memory: number;
    readonly memoryRaises: number;
    /** Bytes of one volume. */
    readonly storage: number;
    /** The share of all nodes, 0 to 1, that may be out of service at once. */
    readonly nodesOut: number;
  };
  /** More open incidents than this are a storm. */
  readonly storm: { readonly incidents: number };
  readonly verification: {
    readonly stableForMs: number;
    readonly deadlineMs: number;
    readonly everyMs: number;
    /** PromQL for how a workload serves, with `$namespace`, `$kind` and `$name`; and the share by which it may get worse. */
    readonly traffic: {
      readonly errorRate?: string | undefined;
      readonly latency?: string | undefined;
      readonly tolerance: number;
    };
  };
}

/** How many people have to say yes to a plan. */
export function approversNeeded({ approval }: Policy, plan: Plan): 1 | 2 {
  const { namespaces, risks } = approval.twoPersons;
  return namespacesOf(plan).some((one) => matches(namespaces, one)) || risks.includes(plan.risk) ? 2 : 1;
}

/** The autonomy that holds for an action in a namespace. */
export function autonomyFor(policy: Policy, namespace: string, actionId: string): Autonomy {
  const rule = policy.rules.find(
    (candidate) => matches(candidate.namespaces, namespace) && matches(candidate.actions, actionId),
  );
  return rule?.autonomy ?? policy.autonomy;
}
