import type { FindingKind } from '../analysis/detectors/index.ts';
import type { Finding } from '../core/finding.ts';
import type { Json } from '../core/json.ts';
import type { ActionId } from './actions/index.ts';

/** One rung of a remedy's ladder. */
export interface RemedyStep {
  readonly actionId: ActionId;
  readonly params: Json;
  /** Why this action answers the finding, for the card. */
  readonly reason: string;
  /** How often it may be tried for one incident before the next rung. */
  readonly times: number;
  /** Only once this one was carried out and proven in the same incident. */
  readonly after?: ActionId;
}

/** Which actions answer which findings, in order. After the last rung people take over. */
export interface Remedy {
  readonly id: string;
  readonly findings: readonly FindingKind[];
  /** `tried`: ids of the actions that were carried out in this incident. */
  readonly steps: (finding: Finding, tried: ReadonlySet<string>) => readonly RemedyStep[];
}
