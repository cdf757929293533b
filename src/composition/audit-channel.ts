import { done, type Outcome } from '../core/outcome.ts';
import type { Audit } from '../core/ports/audit.ts';
import { openAuditChannel, tellAudit } from '../notifications/audit-channel.ts';
import { deliverChannel, type OutboxContext } from '../notifications/outbox.ts';
import type { StoreParts } from './store-parts.ts';

/** The audit, after whose every record its channel is looked at. Where that cannot be asked for, the sweep will. */
export function announceRecords({ audit, queue }: StoreParts, channel: string | undefined): Audit {
  if (channel === undefined) return audit;
  return {
    ...audit,
    async append(entry) {
      await audit.append(entry);
      await queue.deliver(channel).catch(() => undefined);
    },
  };
}

interface Telling {
  readonly outbox: OutboxContext;
  readonly audit: Audit;
  /** Absent where none is configured. */
  readonly auditChannel: string | undefined;
}

/** Brings a channel up to date: with its incidents, and with the audit where it is the audit's. */
export async function createTeller({
  outbox,
  audit,
  auditChannel,
}: Telling): Promise<(channel: string) => Promise<Outcome>> {
  const context = { ...outbox, audit };
  if (auditChannel !== undefined) await openAuditChannel(auditChannel, context);
  return async (channel) => {
    const incidents = await deliverChannel(channel, outbox);
    return channel === auditChannel ? sooner(incidents, await tellAudit(channel, context)) : incidents;
  };
}

function sooner(...outcomes: readonly Outcome[]): Outcome {
  const waits = outcomes.flatMap((outcome) => ('againInMs' in outcome ? [outcome.againInMs] : []));
  return waits.length === 0 ? done : { againInMs: Math.min(...waits) };
}
