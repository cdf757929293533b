import type { Execution } from '../../src/core/execution.ts';
import type { Incident } from '../../src/core/incident.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import type { Channel } from '../../src/core/ports/channel.ts';
import type { DeliverySchedule } from '../../src/core/ports/delivery-schedule.ts';
import type { MessageLedger } from '../../src/core/ports/message-ledger.ts';
import type { Pager } from '../../src/core/ports/pager.ts';
import type { StormBoard } from '../../src/core/ports/storm-board.ts';
import type { Proposal } from '../../src/core/proposal.ts';
import { deliverChannel, type OutboxContext } from '../../src/notifications/outbox.ts';
import { anEvidence, anIncident, aProposal } from './builders.ts';
import type { SteppedClock } from './fakes/clock.ts';
import { createFakeDeliverySchedule } from './fakes/delivery-schedule.ts';
import { createFakeReceipts } from './fakes/receipts.ts';
import { createFakeRecords } from './fakes/records.ts';
import { createFakeStormBoard } from './fakes/storm-board.ts';
import { createFakeWholeLogs } from './fakes/whole-logs.ts';

interface OutboxOptions {
  readonly channel: Channel;
  readonly ledger: MessageLedger;
  readonly clock: SteppedClock;
  /** `C_OPS` unless said otherwise. */
  readonly place?: string;
  /** New incidents that a channel takes in five minutes; more than any test has, unless said otherwise. */
  readonly roots?: number;
  readonly pager?: Pager;
  /** In memory unless given. */
  readonly schedule?: DeliverySchedule;
  readonly storms?: StormBoard;
}

/** More tries than any test needs: a loop that never ends fails instead. */
const patience = 500;

/** The outbox over incidents in memory. Waiting moves the test's clock instead of taking time. */
export function createOutboxWorld({
  channel,
  ledger,
  clock,
  place = 'C_OPS',
  roots = 1_000,
  ...shared
}: OutboxOptions) {
  const incidents = createFakeRecords<Incident>();
  const proposals = createFakeRecords<Proposal>();
  const executions = createFakeRecords<Execution>();
  const complaints: string[] = [];
  const metered: string[] = [];
  const wholeLogs = createFakeWholeLogs();
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
    schedule: shared.schedule ?? createFakeDeliverySchedule(clock),
    wholeLogs,
    receipts: createFakeReceipts(clock),
    storms: shared.storms ?? createFakeStormBoard(),
    storm: { roots, withinMs: 300_000 },
    commandName: '/kube',
    meter: {
      told: (ms) => void metered.push(`told after ${ms} ms`),
      sent: (lane) => void metered.push(lane),
      coalesced: (changes) => void (changes > 0 && metered.push(`${changes} coalesced`)),
      slowedDown: (lane) => void metered.push(`slow ${lane}`),
    },
    pager: shared.pager,
  };

  /** One look at the channel, for which this version waits. */
  async function attempt(id: string, version: number): Promise<Outcome> {
    await context.schedule.mark({ channel: place, incidentId: id, version });
    return deliverChannel(place, context);
  }

  /** Looks at the channel until nothing is left to do. Answers how long it waited each time, milliseconds. */
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
  async function open(id = 'inc-1', overrides: Partial<Incident> = {}): Promise<Incident> {
    const proposal = aProposal({ id: `proposal-of-${id}`, incidentId: id });
    const incident = anIncident({
      id,
      channel: place,
      evidence: [anEvidence()],
      proposalIds: [proposal.id],
      updatedAt: clock.now(),
      ...overrides,
    });
    await proposals.create(proposal);
    await incidents.create(incident);
    return incident;
  }

  /** Looks at the channel as often as it asks for, for so long. */
  async function pass(ms: number): Promise<void> {
    const end = clock.now() + ms;
    for (let tries = 0; tries < patience; tries += 1) {
      const outcome = await deliverChannel(place, context);
      const wait = 'againInMs' in outcome ? outcome.againInMs : ms;
      if (clock.now() + wait > end) break;
      clock.advance(wait);
    }
    clock.advance(Math.max(0, end - clock.now()));
    await deliverChannel(place, context);
  }

  /** Changes an incident; answers its new version. */
  async function change(id: string, changes: Partial<Incident>): Promise<number> {
    const raised = await incidents.update(id, (current) => ({
      ...current,
      ...changes,
      version: current.version + 1,
      updatedAt: clock.now(),
    }));
    const version = raised?.version ?? 0;
    await context.schedule.mark({ channel: place, incidentId: id, version });
    return version;
  }

  return {
    context,
    wholeLogs,
    incidents,
    proposals,
    executions,
    complaints,
    metered,
    attempt,
    settle,
    open,
    pass,
    change,
  };
}
