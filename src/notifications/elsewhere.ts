import type { PagerEvent } from '../core/attention.ts';
import { describeError, hasCode } from '../core/errors.ts';
import type { Incident } from '../core/incident.ts';
import type { Page, Pager } from '../core/ports/pager.ts';
import { redact } from '../core/redact.ts';
import { type DeliveryContext, deliverEntries, type Lanes, rootKey } from './delivery.ts';
import { renderCall } from './reports/call.ts';
import type { Snapshot } from './reports/snapshot.ts';

export interface ElsewhereContext extends DeliveryContext {
  /** Absent where none is configured. */
  readonly pager?: Pager | undefined;
  readonly lanes: Lanes;
}

/** When the pager does not answer, milliseconds; when only an operator can help. */
const retryMs = 15_000;
const refusedMs = 60_000;

/** PagerDuty takes 120 events a minute for each routing key (its documentation, "Events API v2 rate limits"). */
const bucket = { name: 'pager', perMinute: 100, burst: 20 } as const;

/** Tells the other channels and the pager that an escalation called. True where nothing is left to do. */
export async function tellElsewhere(
  { snapshot, link }: { readonly snapshot: Snapshot; readonly link: string | undefined },
  context: ElsewhereContext,
): Promise<boolean> {
  const { incident } = snapshot;
  const done: boolean[] = [];
  for (const channel of incident.attention.channels) {
    const id = `${incident.id}@${channel}`;
    const delivery = (await context.ledger.read(id)) ?? { channel, version: 0, entries: {} };
    const entries = [{ key: rootKey, message: renderCall(snapshot, link) }];
    const order = { incidentId: id, delivery, entries, changedAt: incident.updatedAt, lanes: context.lanes };
    done.push((await deliverEntries(order, context)).complete);
  }
  if (incident.attention.paged) done.push(await page(incident, link, context));
  return done.every(Boolean);
}

/** The pager is told each change once. */
async function page(incident: Incident, link: string | undefined, context: ElsewhereContext): Promise<boolean> {
  const { pager, ledger, lanes } = context;
  const id = `${incident.id}@pager`;
  const event = eventOf(incident);
  const told = (await ledger.read(id))?.entries['event']?.digest;
  if (pager === undefined || told === event) return true;
  const wait = (await ledger.take(bucket)) || (await send(pageOf(incident, event, link), { ...context, pager }));
  if (wait === 0) await ledger.write(id, { channel: 'pager', version: 0, entries: { event: { digest: event } } });
  else lanes.waits.push(wait);
  return wait === 0;
}

/** After how long it is to be tried again, milliseconds; 0 where it was taken. */
async function send(sent: Page, { pager, log, ledger }: ElsewhereContext & { readonly pager: Pager }): Promise<number> {
  try {
    await pager.send(sent);
    return 0;
  } catch (error) {
    log.error('the pager could not be told', { key: sent.key, event: sent.event, problem: describeError(error) });
    const wait = hasCode(error, 'pager-rejected') ? refusedMs : retryMs;
    await ledger.hold(bucket.name, wait);
    return wait;
  }
}

function eventOf({ state, attention }: Incident): PagerEvent {
  if (state === 'resolved' || attention.dismissed !== undefined) return 'resolve';
  return attention.acknowledged === undefined ? 'trigger' : 'acknowledge';
}

function pageOf({ id, cluster, title, cause, severity }: Incident, event: PagerEvent, link: string | undefined): Page {
  const details = { incident: id, cause: redact(cause) };
  return { event, key: `lifeguard-${cluster}-${id}`, summary: redact(title), severity, source: cluster, details, link };
}
