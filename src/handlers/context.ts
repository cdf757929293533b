import type { Evidence, Injection } from '../core/evidence.ts';
import type { Vote } from '../core/explanation.ts';
import type { Form } from '../core/form.ts';
import type { HygieneResult } from '../core/hygiene.ts';
import type { Incident } from '../core/incident.ts';
import type { Answering } from '../core/ports/answering.ts';
import type { Channel } from '../core/ports/channel.ts';
import type { EventStore } from '../core/ports/event-store.ts';
import type { InvestigatorQuestion, SecondOpinions } from '../core/ports/investigator.ts';
import type { MaintenanceBoard } from '../core/ports/maintenance-board.ts';
import type { MessageLedger } from '../core/ports/message-ledger.ts';
import type { People } from '../core/ports/people.ts';
import type { Records } from '../core/ports/records.ts';
import type { StatusBoard } from '../core/ports/status-board.ts';
import type { WorkloadLogs } from '../core/ports/workload-logs.ts';
import type { Verdict } from '../incidents/attendance.ts';
import type { IncidentRegistry } from '../incidents/registry.ts';
import type { Maintenance } from '../incidents/routing.ts';
import type { OpsContext } from '../ops/context.ts';
import type { RoleMap, Workspace } from './authorise.ts';

/** How much work waits for a worker. */
interface QueueDepth {
  readonly waiting: number;
  readonly active: number;
  readonly failed: number;
}

/** What somebody thinks of an incident, and what they thought of it before. */
export interface Feedback {
  /** Which detector found its cause; empty for a change that a person asked for. */
  readonly detector: string;
  readonly kind: string;
  readonly verdict: Verdict;
  readonly former: Verdict | undefined;
}

/** What somebody thinks of a model's explanation, and what they thought of it before. */
export interface ExplanationFeedback {
  readonly model: string;
  readonly vote: Vote;
  readonly former: Vote | undefined;
}

/** What answering people needs. */
export interface DeskContext {
  readonly ops: OpsContext;
  readonly registry: IncidentRegistry;
  readonly incidents: Pick<Records<Incident>, 'recent'>;
  /** Where the messages of each incident are, to know which thread or card somebody answers in. */
  readonly deliveries: Pick<MessageLedger, 'read'>;
  /** Forms that people have open. */
  readonly forms: Pick<Records<Form>, 'create' | 'get' | 'update'>;
  readonly statusBoard: StatusBoard;
  readonly maintenance: MaintenanceBoard;
  /** Times in which nothing is changed automatically. */
  readonly freezes: readonly Maintenance[];
  readonly events: Pick<EventStore, 'read'>;
  readonly logs: WorkloadLogs;
  /** Asks other systems for a second opinion; absent where none is configured. */
  readonly consult?: ((question: InvestigatorQuestion) => Promise<SecondOpinions>) | undefined;
  /** What in a piece of evidence tries to give instructions. */
  readonly findInjections: (evidence: readonly Evidence[]) => readonly Injection[];
  /** Answers questions about incidents. */
  readonly answer: Answering;
  /** Reads the cluster for what should be tidied. Fails with a `cluster-*` code. */
  readonly inspect: () => Promise<readonly HygieneResult[]>;
  /** Told what people think of an incident, for metrics. */
  readonly onFeedback: (feedback: Feedback) => void;
  /** The same of a model's explanation. */
  readonly onVote: (feedback: ExplanationFeedback) => void;
  /** Shows a file in a thread. Fails as `Channel` does. */
  readonly attach: Channel['attach'];
  /** Whether Slack takes files of ours. Fails where Slack does not answer. */
  readonly takesFiles: () => Promise<boolean>;
  readonly queueDepth: () => Promise<QueueDepth>;
  readonly people: People;
  readonly roles: RoleMap;
  readonly workspace: Workspace;
  readonly cluster: string;
  /** With its slash: `/kube`. */
  readonly commandName: string;
}
