import type { Execution } from '../core/execution.ts';
import type { Finding } from '../core/finding.ts';
import type { Identities } from '../core/identity.ts';
import type { Policy } from '../core/policy.ts';
import type { Access } from '../core/ports/access.ts';
import type { AlertBoard } from '../core/ports/alert-board.ts';
import type { Alertmanager } from '../core/ports/alertmanager.ts';
import type { Audit } from '../core/ports/audit.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { ConfigHistory } from '../core/ports/config-history.ts';
import type { Controls } from '../core/ports/controls.ts';
import type { Identifiers } from '../core/ports/identifiers.ts';
import type { IncidentReader, Journal } from '../core/ports/journal.ts';
import type { Ledger, RevisionHealth } from '../core/ports/ledger.ts';
import type { Log } from '../core/ports/log.ts';
import type { Metrics } from '../core/ports/metrics.ts';
import type { Objects } from '../core/ports/objects.ts';
import type { Observer } from '../core/ports/observer.ts';
import type { Records } from '../core/ports/records.ts';
import type { WorkQueue } from '../core/ports/work-queue.ts';
import type { Workloads } from '../core/ports/workloads.ts';
import type { Proposal } from '../core/proposal.ts';
import type { ResourceRef } from '../core/resource-ref.ts';
import type { ClusterView } from '../core/view.ts';
import type { Freeze } from './guardrail.ts';

/** Judges one subject of a view, with the configured detectors. Verification reads the same judgement that opened the incident. */
type Detect = (subject: ResourceRef, view: ClusterView) => readonly Finding[];

/** What an action may touch. */
export interface ActionContext {
  readonly clock: Clock;
  readonly policy: Policy;
  readonly workloads: Workloads;
  readonly objects: Objects;
  readonly observer: Observer;
  readonly configHistory: Pick<ConfigHistory, 'read'>;
  readonly detect: Detect;
  readonly health: RevisionHealth;
  /** Absent where no Prometheus is configured. */
  readonly metrics?: Metrics | undefined;
  /** Absent where no Alertmanager is configured. */
  readonly alertmanager?: Alertmanager | undefined;
  /** What Alertmanager has said. */
  readonly alerts: Pick<AlertBoard, 'all'>;
  readonly incidents: IncidentReader;
  readonly journal: Journal;
}

/** Who is who in Kubernetes, and what they may do there. */
interface Impersonation {
  readonly identities: Identities;
  readonly access: Access;
}

/** What proposing, judging and executing need besides. */
export interface OpsContext extends ActionContext {
  readonly identifiers: Identifiers;
  readonly proposals: Records<Proposal>;
  readonly executions: Records<Execution>;
  readonly controls: Controls;
  readonly ledger: Ledger;
  readonly audit: Audit;
  readonly queue: WorkQueue;
  /** The freeze that holds in a namespace at a moment (epoch milliseconds), if any. */
  readonly freezeAt: (namespace: string, now: number) => Freeze | undefined;
  readonly log: Log;
  /** Absent where people have no identities in Kubernetes: all is done with Lifeguard's own rights. */
  readonly impersonation?: Impersonation | undefined;
}
