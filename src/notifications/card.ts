import { type Execution, isFinished } from '../core/execution.ts';
import { severityRank } from '../core/finding.ts';
import type { Incident } from '../core/incident.ts';
import type { Delivery, MessageLedger } from '../core/ports/message-ledger.ts';
import type { Records } from '../core/ports/records.ts';
import type { Proposal } from '../core/proposal.ts';
import { rootKey } from './delivery.ts';
import type { Snapshot } from './reports/snapshot.ts';
import type { Candidate } from './storm.ts';

export interface CardContext {
  readonly incidents: Pick<Records<Incident>, 'get'>;
  readonly proposals: Pick<Records<Proposal>, 'get'>;
  readonly executions: Pick<Records<Execution>, 'get'>;
  readonly ledger: Pick<MessageLedger, 'read'>;
  /** Slack markup that calls whoever may approve a proposal; undefined, or absent, where nobody is to be called. */
  readonly mention?: (proposal: Proposal) => string | undefined;
}

/** An incident as it is now, beside what Slack last got of it. */
export interface Card {
  readonly snapshot: Snapshot;
  readonly delivery: Delivery | undefined;
}

export async function readCard(incidentId: string, context: CardContext): Promise<Card | undefined> {
  const { incidents, proposals, executions, ledger, mention } = context;
  const [incident, delivery] = await Promise.all([incidents.get(incidentId), ledger.read(incidentId)]);
  if (incident === undefined) return undefined;
  const [made, run] = await Promise.all([
    Promise.all(incident.proposalIds.map((id) => proposals.get(id))),
    Promise.all(incident.proposalIds.map((id) => executions.get(id))),
  ]);
  const snapshot = {
    incident,
    proposals: made.filter((one) => one !== undefined),
    executions: run.filter((one) => one !== undefined),
    ...(mention === undefined ? {} : { mention }),
  };
  return { snapshot, delivery };
}

/** Whether it has a message of its own, or one is being posted. */
export function isRooted({ delivery }: Card): boolean {
  return delivery?.entries[rootKey] !== undefined;
}

/** A person asked for this change and waits for it: no storm holds that up. */
export function isRequest({ snapshot }: Card): boolean {
  return snapshot.incident.finding === undefined;
}

/** It began during maintenance, so nobody is told of it yet. */
export function isHushed(card: Card): boolean {
  return card.snapshot.incident.attention.quiet && !isRooted(card);
}

export function candidateOf(card: Card): Candidate {
  const { incident, proposals } = card.snapshot;
  const { id, severity, title, subject, openedAt, state, mergedInto, timeline } = incident;
  const link = card.delivery?.link;
  return {
    id,
    severity,
    title,
    openedAt,
    namespace: subject.namespace ?? '',
    open: state === 'open',
    asks: proposals.some((one) => one.state === 'awaiting-approval'),
    rooted: isRooted(card),
    merged: mergedInto !== undefined,
    called: isRooted(card) ? [] : timeline.map(({ call }) => call).filter((call) => call !== undefined),
    ...(link === undefined ? {} : { link }),
  };
}

/** What is told first: what people have just decided and follow, then the worst, then the oldest. */
export function sortByUrgency(cards: readonly Card[]): readonly Card[] {
  return cards.toSorted(({ snapshot: a }, { snapshot: b }) => {
    const [one, other] = [a.incident, b.incident];
    return (
      Number(isFollowed(b)) - Number(isFollowed(a)) ||
      severityRank(one.severity) - severityRank(other.severity) ||
      one.openedAt - other.openedAt
    );
  });
}

function isFollowed({ incident, proposals, executions }: Snapshot): boolean {
  return (
    incident.finding === undefined ||
    proposals.some(({ state }) => state === 'approved') ||
    executions.some((execution) => !isFinished(execution))
  );
}
