import type { Execution } from '../../src/core/execution.ts';
import type { Incident } from '../../src/core/incident.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import type { Channel } from '../../src/core/ports/channel.ts';
import type { MessageLedger } from '../../src/core/ports/message-ledger.ts';
import type { Proposal } from '../../src/core/proposal.ts';
import { type OutboxContext, reconcileIncident } from '../../src/notifications/outbox.ts';
import { anEvidence, anIncident, aProposal } from './builders.ts';
import type { SteppedClock } from './fakes/clock.ts';
import { createFakeRecords } from './fakes/records.ts';

interface OutboxOptions {
  readonly channel: Channel;
  readonly ledger: MessageLedger;
  readonly clock: SteppedClock;
  /** `C_OPS` unless said otherwise. */
  readonly place?: string;
}

/** More tries than any test needs: a loop that never ends fails instead. */
const patience = 500;

/** The outbox over incidents in memory. Waiting moves the test's clock instead of taking time. */
export function createOutboxWorld({ channel, ledger, clock, place = 'C_OPS' }: OutboxOptions) {
  const incidents = createFakeRecords<Incident>();
  const proposals = createFakeRecords<Proposal>();
  const executions = createFakeRecords<Execution>();
  const complaints: string[] = [];
  const note = (message: string, fields: object = {}): void =>
    void complaints.push(`${message} ${JSON.stringify(fields)}`);
  const context: OutboxContext = {
    incidents,
    proposals,
    executions,
    channel,
    ledger,
    clock,
    log: { debug() {}, info() {}, warn: note, error: note },
    channelFor: () => place,
  };

  /** The job of one version, tried once. */
  function attempt(id: string, version: number): Promise<Outcome> {
    return reconcileIncident({ incidentId: id, version }, context);
  }

  /** The job of one version, tried until it is done. Answers how long it waited each time, milliseconds. */
  async function settle(id: string, version: number): Promise<readonly number[]> {
    const waits: number[] = [];
    for (let tries = 0; tries < patience; tries += 1) {
      const outcome = await attempt(id, version);
      if ('done' in outcome) return waits;
      waits.push(outcome.againInMs);
      clock.advance(outcome.againInMs);
    }
    throw new Error(`not delivered after ${patience} tries`);
  }

  /** An incident with evidence and a proposal that waits: a root and two messages in its thread. */
  async function open(id = 'inc-1'): Promise<Incident> {
    const proposal = aProposal({ id: `proposal-of-${id}`, incidentId: id });
    const incident = anIncident({ id, evidence: [anEvidence()], proposalIds: [proposal.id], updatedAt: clock.now() });
    await proposals.create(proposal);
    await incidents.create(incident);
    return incident;
  }

  /** Changes an incident; answers its new version. */
  async function change(id: string, changes: Partial<Incident>): Promise<number> {
    const raised = await incidents.update(id, (current) => ({
      ...current,
      ...changes,
      version: current.version + 1,
      updatedAt: clock.now(),
    }));
    return raised?.version ?? 0;
  }

  return { incidents, proposals, executions, complaints, attempt, settle, open, change };
}
