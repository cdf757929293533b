import type { Plan } from '../core/action.ts';
import type { Actor, Identity } from '../core/identity.ts';
import type { Policy } from '../core/policy.ts';
import type { Right } from '../core/ports/access.ts';
import type { KillSwitch } from '../core/ports/controls.ts';
import type { Attempt } from '../core/ports/ledger.ts';
import type { Autoscaler, Workload } from '../core/ports/workloads.ts';
import type { Origin } from '../core/proposal.ts';
import type { Verdict } from '../core/verdict.ts';

/** A fact that was looked up. A guardrail that needs one that could not be read must not allow. */
export type Fact<T> = { readonly known: T } | { readonly unreadable: string };

/** What guardrails judge: one planned action and the facts around it. */
export interface Case {
  readonly actionId: string;
  readonly endsRollout: boolean;
  readonly lasting: boolean;
  readonly plan: Plan;
  readonly origin: Origin;
  /** Workload and cause; attempts are counted under it. */
  readonly attemptKey: string;
  readonly now: number;
  readonly policy: Policy;
  readonly killSwitch: Fact<KillSwitch>;
  /** What the person who asks or decides may do in Kubernetes; undefined where it is done with Lifeguard's own rights. */
  readonly rights: Fact<Standing | undefined>;
  /** Everything tried within the longest window, oldest first. */
  readonly attempts: Fact<readonly Attempt[]>;
  readonly workload: Fact<Workload | undefined>;
  /** What the target is labelled and annotated with; undefined where it is gone. */
  readonly holder: Fact<Holder | undefined>;
  readonly autoscaler: Fact<Autoscaler | undefined>;
  /** How the other nodes do; read only where the plan takes one out of service. */
  readonly nodes: Fact<NodeService>;
  /** How many incidents are open. */
  readonly openIncidents: Fact<number>;
  /** A change of Lifeguard's own to this object that somebody has put back. */
  readonly reverted: Fact<Reverted | undefined>;
  /** The freeze that holds in this namespace now. */
  readonly freeze: Freeze | undefined;
}

/** How many nodes there are besides the target, and how they do. */
export interface NodeService {
  /** With the target. */
  readonly total: number;
  /** Not ready or cordoned; the target is not counted. */
  readonly out: number;
  /** A node that another execution is working on now. */
  readonly busy: string | undefined;
}

/** Whose rights in Kubernetes are looked at, and what they do: they ask for it, say yes to it now, or have said yes. */
export interface Claimant {
  readonly actor: Actor;
  readonly does: 'asks' | 'approves' | 'approved';
}

/** Whether somebody may do in Kubernetes what is planned. */
export interface Standing {
  readonly does: Claimant['does'];
  /** Undefined where they are nobody there, and may not act without being somebody. */
  readonly identity: Identity | undefined;
  readonly missing: readonly Right[];
}

export interface Holder {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Reverted {
  /** When Lifeguard changed it, epoch milliseconds. */
  readonly at: number;
  readonly summary: string;
}

export interface Freeze {
  /** Epoch milliseconds. */
  readonly until: number;
  readonly reason: string;
}

export interface Guardrail {
  readonly id: string;
  /** What it keeps from happening, in one sentence for `/kube guardrails`. */
  readonly promise: string;
  readonly judge: (question: Case) => Verdict;
}

/** Whether Lifeguard itself asks, rather than a person. */
export function isAutomatic(origin: Origin): boolean {
  return origin.surface === 'auto' || origin.surface === 'ai';
}
