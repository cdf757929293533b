import { createForgotten } from '../explaining/explain.ts';
import { expireProposals } from '../ops/approve.ts';
import type { Parts } from './parts.ts';

/** Incidents that are looked through for what was never told: enough for what can have been left behind. */
const swept = 200;

type Left = Pick<Parts, 'model' | 'ops' | 'clock'> & {
  readonly store: Pick<Parts['store'], 'incidents' | 'proposals' | 'messageLedger' | 'queue' | 'receipts'>;
  readonly registry: Pick<Parts['registry'], 'open'>;
};

/** Asks again for what was written down but never queued, because Redis or the process went away in between; and ends what nobody answered in time. */
export function createAskAgain({ store, registry, ops, clock, model }: Left): () => Promise<void> {
  const { incidents, proposals, messageLedger, queue, receipts } = store;
  const findForgotten = createForgotten({ model, receipts });

  async function askForProposals(): Promise<void> {
    const pending = await proposals.waiting();
    for (const { id } of pending.filter(({ state }) => state === 'approved')) await queue.execute(id);
    const overdue = pending.filter((one) => one.state === 'awaiting-approval' && clock.now() >= one.expiresAt);
    await expireProposals(
      overdue.map(({ id }) => id),
      undefined,
      ops,
    );
  }

  async function askForReports(): Promise<void> {
    for (const incident of await incidents.recent(swept)) {
      const delivered = await messageLedger.read(incident.id);
      if ((delivered?.version ?? 0) < incident.version) await queue.report(incident);
    }
  }

  return async () => {
    await askForProposals();
    await askForReports();
    for (const { id } of await findForgotten(await registry.open())) await queue.explain(id);
  };
}
