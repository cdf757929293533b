import type { z } from 'zod';
import type { Finding } from '../core/finding.ts';
import type { ResourceRef } from '../core/resource-ref.ts';
import type { ClusterView } from '../core/view.ts';

export interface Subject {
  readonly subject: ResourceRef;
  readonly view: ClusterView;
  /** Epoch milliseconds. */
  readonly now: number;
}

export interface Judgement {
  readonly findings: readonly Finding[];
  /** Epoch milliseconds at which time alone may change the judgement. */
  readonly recheckAt?: number;
}

/** Level-triggered and pure: the same view and time give the same judgement. */
export interface Detector {
  readonly id: string;
  readonly judges: Judged;
  readonly evaluate: (subject: Subject) => Judgement;
}

/** Kinds of subject that a detector judges; `pods`: whatever has pods, be it a workload, a Job or a pod by itself; `any`: all there is. */
type Judged = 'pods' | 'any' | readonly string[];

/** What a detector's author writes. Every parameter has a default, so an empty configuration is valid. */
interface DetectorDefinition<Id extends string, Kind extends string, P> {
  readonly id: Id;
  /** The finding kinds it can give, with the words that complete "shop/checkout: …". */
  readonly kinds: Readonly<Record<Kind, string>>;
  readonly judges: Judged;
  readonly params: z.ZodType<P>;
  readonly evaluate: (subject: Subject, params: P) => Judgement;
}

export interface DetectorEntry<Id extends string = string, Kind extends string = string> {
  readonly id: Id;
  readonly judges: Judged;
  readonly kinds: Readonly<Record<Kind, string>>;
  readonly params: z.ZodType;
  /** Parses `settings` with the detector's own schema and closes over the result. Throws a ZodError. */
  readonly configure: (settings: unknown) => Detector;
}

export function defineDetector<Id extends string, Kind extends string, P>(
  definition: DetectorDefinition<Id, Kind, P>,
): DetectorEntry<Id, Kind> {
  return {
    id: definition.id,
    judges: definition.judges,
    kinds: definition.kinds,
    params: definition.params,
    configure(settings) {
      const params = definition.params.parse(settings);
      return {
        id: definition.id,
        judges: definition.judges,
        evaluate: (subject) => definition.evaluate(subject, params),
      };
    },
  };
}
