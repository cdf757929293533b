import type { Plan } from '../core/action.ts';
import type { Actor, Identity } from '../core/identity.ts';
import type { Policy } from '../core/policy.ts';
import type { Right } from '../core/ports/access.ts';
import type { KillSwitch } from '../core/ports/controls.ts';
import type { Attempt } from '../core/ports/ledger.ts';
import type { Autoscaler, VerticalAutoscaler, Workload } from '../core/ports/workloads.ts';
import type { Origin } from '../core/proposal.ts';
import type { Verdict } from '../core/verdict.ts';
import type { OwnerRef } from '../core/views/object.ts';

/** A fact that was looked up. A guardrail that needs one that could not be read must not allow. */
export type Fact<T> = { readonly known: T } | { readonly unreadable: string };

/** What guardrails judge: one planned action and the facts around it. */
export interface Case {
  readonly actionId: string;
  readonly endsRollout: boolean;
  readonly lasting: boolean;
  readonly plan: Plan;
  readonly origin: Origin;
  /** Where it is felt; `''` is the cluster. */
  readonly namespaces: readonly string[];
  /** What attempts are counted under. */
  readonly tally: Tally;
  readonly now: number;
  readonly policy: Policy;
  readonly killSwitch: Fact<KillSwitch>;
  /** What the person who asks or decides may do in Kubernetes; undefined where it is done with Lifeguard's own rights. */
  readonly rights: Fact<Standing | undefined>;
  /** Everything tried within the longest window, oldest first. */
  readonly attempts: Fact<readonly Attempt[]>;
  readonly workload: Fact<Workload | undefined>;
  /** The other workloads that it affects. */
  readonly affected: Fact<readonly Workload[]>;
  /** What the target is labelled and annotated with; undefined where it is gone. */
  readonly holder: Fact<Holder | undefined>;
  readonly autoscaler: Fact<Autoscaler | undefined>;
  /** Read only where the plan sets resources. */
  readonly verticalAutoscaler: Fact<VerticalAutoscaler | undefined>;
  /** How the other nodes do; read only where the plan takes one out of service. */
  readonly nodes: Fact<NodeService>;
  /** The strictest disruption budget of the pods; read only where the plan takes ready pods away. */
  readonly podBudget: Fact<PodBudget | undefined>;
  /** What nodes can give to a pod; read only where the plan sets resources. */
  readonly capacity: Fact<Capacity>;
  /** How many incidents are open. */
  readonly openIncidents: Fact<number>;
  /** A change of Lifeguard's own to this object that somebody has put back. */
  readonly reverted: Fact<Reverted | undefined>;
  /** The freeze that holds where it is felt now; the longest, where there are several. */
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

/** What attempts are counted under: an object as `refKey` writes it, and the kind of the incident. */
export type Tally = Pick<Attempt, 'subject' | 'cause'>;

/** A PodDisruptionBudget that holds for a pod. */
export interface PodBudget {
  readonly name: string;
  /** How many ready pods may go now. */
  readonly allowed: number;
}

/** Whether the nodes have room for what a plan asks for each pod. */
export interface Capacity {
  /** Whether any node is that large at all, as far as they say. */
  readonly largeEnough: boolean;
  /** A node in service that has as much left now. */
  readonly roomOn: string | undefined;
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
  /** What controls it, if anything does. */
  readonly owner?: OwnerRef | undefined;
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

/** A namespace in words. */
export function describePlace(namespace: string): string {
  return namespace === '' ? 'the cluster' : namespace;
}

/** Whether Lifeguard itself asks, rather than a person. */
export function isAutomatic(origin: Origin): boolean {
  return origin.surface === 'auto' || origin.surface === 'ai';
}
