import type { Alert } from '../core/alert.ts';
import type { AlertBoard } from '../core/ports/alert-board.ts';
import type { Alertmanager } from '../core/ports/alertmanager.ts';
import { keepPolling, type PollingContext } from './polling.ts';

/** How often Alertmanager is asked what fires, milliseconds. */
const checkMs = 30_000;

/** Alerts missing from so many answers in a row have ended: an Alertmanager that has just started does not know them all yet. */
const missesToEnd = 3;

export interface AlertCheckContext extends PollingContext {
  readonly board: AlertBoard;
  readonly alertmanager: Pick<Alertmanager, 'firing'>;
}

/** Ends alerts that no longer fire although nobody said so: no notification is sent of what is silenced or inhibited. */
export function checkAlerts(context: AlertCheckContext): void {
  const { board, alertmanager, clock } = context;
  let missed = new Map<string, number>();

  async function check(): Promise<void> {
    const known = (await board.all()).filter(({ state }) => state === 'firing');
    const firing = await alertmanager.firing();
    const missing = known.filter(({ fingerprint }) => !firing.has(fingerprint));
    missed = new Map(missing.map(({ fingerprint }) => [fingerprint, (missed.get(fingerprint) ?? 0) + 1]));
    const over = missing.filter(({ fingerprint }) => (missed.get(fingerprint) ?? 0) >= missesToEnd);
    if (over.length > 0) await board.take(over.map((alert) => end(alert, clock.now())));
  }

  keepPolling(check, checkMs, context);
}

function end(alert: Alert, now: number): Alert {
  return { ...alert, state: 'resolved', endsAt: now, heardAt: now };
}
