import type { z } from 'zod';
import type { Measurement, Plan, Progress, RbacRule, Refusal, Risk, Surface, Verification } from '../core/action.ts';
import { LifeguardError } from '../core/errors.ts';
import type { Execution } from '../core/execution.ts';
import type { incidentKind } from '../core/incident.ts';
import type { ObjectKind } from '../core/ports/objects.ts';
import { isWorkloadRef, type ResourceRef } from '../core/resource-ref.ts';
import type { ActionContext } from './context.ts';

/** What a run of an action is about: the plan it applies and the mark that makes applying it twice the same as once. */
export interface Run {
  readonly plan: Plan;
  /** Unique to this write; left on the object so that a second attempt sees that the first got through. */
  readonly mark: string;
  /** Who asked for it, or else said yes to it: a Slack user id. Absent where Lifeguard decided alone. */
  readonly by?: string | undefined;
}

export interface VerifyInput {
  readonly plan: Plan;
  readonly before: Measurement;
  readonly after: Measurement;
  readonly appliedAt: number;
  readonly now: number;
}

/** A Secret is only ever named: `secret/<namespace>/<name>`. An incident is named by its id. */
export type TargetKind = ObjectKind | 'Secret' | typeof incidentKind;

interface ActionTraits<Id extends string> {
  readonly id: Id;
  /** Completes "Restart …", "Roll back …" in lists and forms. */
  readonly title: string;
  readonly risk: Risk;
  readonly surfaces: readonly Surface[];
  readonly rbac: readonly RbacRule[];
  /**
   * Where it writes, where that is not the cluster. No right in Kubernetes stands for such a write: it is done with Lifeguard's own access, and who
   * may ask for it and approve it is decided by their roles in its namespaces alone.
   */
  readonly elsewhere?: 'Alertmanager';
  /** The slash sub-command and its positional words, which are names of parameters. */
  readonly command: {
    readonly name: string;
    readonly arguments: readonly string[];
    /** Parameters that are only given by name: `memory=512Mi`. */
    readonly options?: readonly string[];
    /** The last argument takes all the words that are left. */
    readonly takesRest?: true;
    readonly help: string;
  };
  /** Kinds of objects that it is about; workloads where absent. */
  readonly targets?: readonly TargetKind[];
  /** The least it may ask of the cluster: what the guardrails judge before anybody has said how much. */
  readonly leastAsks?: Plan['asks'];
  /** True where the action ends a rollout that is under way rather than interfering with it. */
  readonly endsRollout: boolean;
  /** True where it changes what is declared, so that whoever declares it elsewhere may put it back. */
  readonly lasting: boolean;
}

/** What an action's author writes; `params` gives the types of the rest. */
interface ActionDefinition<Id extends string, P> extends ActionTraits<Id> {
  readonly params: z.ZodType<P>;
  /** What would change, from the live object; a refusal where it cannot be done. Writes nothing. */
  readonly plan: (params: P, context: ActionContext) => Promise<Plan | Refusal>;
  /** Idempotent: applying the same run twice changes the cluster once. */
  readonly execute: (run: Run, context: ActionContext) => Promise<void>;
  /** Does the next of many steps after `execute`, and is called until nothing is left. Idempotent; stopped between steps. */
  readonly advance?: (run: Run, context: ActionContext) => Promise<Omit<Progress, 'since'>>;
  /** Whether this very run has been written already, be it by a worker that has died since. */
  readonly isApplied: (run: Run, context: ActionContext) => Promise<boolean>;
  readonly measure: (plan: Plan, context: ActionContext) => Promise<Measurement | undefined>;
  readonly verify: (input: VerifyInput, context: ActionContext) => Verification;
  /** Absent where there is no way back; the plan's `undo` says why. Idempotent. */
  readonly undo?: (run: Run, context: ActionContext) => Promise<void>;
}

/** An action whose parameters are already parsed: its own, plus `plan` without them. */
interface BoundAction {
  readonly plan: (context: ActionContext) => Promise<Plan | Refusal>;
}

/** A type-erased action: lists hold one type, and authors keep full inference. */
export interface Action<Id extends string = string> extends ActionTraits<Id> {
  readonly params: z.ZodType;
  /** Parses unknown input with the action's own schema. Fails with `action-invalid`. */
  readonly bind: (input: unknown) => BoundAction;
  readonly execute: (run: Run, context: ActionContext) => Promise<void>;
  readonly advance?: (run: Run, context: ActionContext) => Promise<Omit<Progress, 'since'>>;
  readonly isApplied: (run: Run, context: ActionContext) => Promise<boolean>;
  /** Undefined where there is nothing to measure any more. */
  readonly measure: (plan: Plan, context: ActionContext) => Promise<Measurement | undefined>;
  readonly verify: (input: VerifyInput, context: ActionContext) => Verification;
  readonly undo?: (run: Run, context: ActionContext) => Promise<void>;
}

export function defineAction<Id extends string, P>(definition: ActionDefinition<Id, P>): Action<Id> {
  const { plan, ...rest } = definition;
  return {
    ...rest,
    bind(input) {
      const parsed = definition.params.safeParse(input);
      if (!parsed.success) {
        const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
        throw new LifeguardError(`${definition.title} cannot be asked for like this: ${faults}.`, {
          code: 'action-invalid',
          retry: 'permanent',
        });
      }
      return { plan: (context) => plan(parsed.data, context) };
    },
  };
}

/** Whether an action is about objects of this kind. */
export function isAbout({ targets }: Pick<Action, 'targets'>, ref: ResourceRef): boolean {
  return targets === undefined ? isWorkloadRef(ref) : targets.some((kind) => kind === ref.kind);
}

/** Still valid when the execution is long gone: what an execution writes to the object, and in which order. */
export function markOf(execution: Pick<Execution, 'id'>, step: 'apply' | 'undo'): string {
  return `${execution.id}-${step}`;
}
