import type { Alert } from '../core/alert.ts';
import { describeError } from '../core/errors.ts';
import type { AlertBoard } from '../core/ports/alert-board.ts';
import type { Alertmanager } from '../core/ports/alertmanager.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';

/** How often Alertmanager is asked what fires, milliseconds. */
const checkMs = 30_000;

/** Alerts missing from so many answers in a row have ended: an Alertmanager that has just started does not know them all yet. */
const missesToEnd = 3;

export interface AlertCheckContext {
  readonly board: AlertBoard;
  readonly alertmanager: Alertmanager;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Ends alerts that no longer fire although nobody said so: no notification is sent of what is silenced or inhibited. */
export function checkAlerts({ board, alertmanager, clock, log, signal }: AlertCheckContext): void {
  let missed = new Map<string, number>();
  let away = false;

  async function check(): Promise<void> {
    const known = (await board.all()).filter(({ state }) => state === 'firing');
    if (known.length === 0) return;
    const firing = await alertmanager.firing();
    const missing = known.filter(({ fingerprint }) => !firing.has(fingerprint));
    missed = new Map(missing.map(({ fingerprint }) => [fingerprint, (missed.get(fingerprint) ?? 0) + 1]));
    const over = missing.filter(({ fingerprint }) => (missed.get(fingerprint) ?? 0) >= missesToEnd);
    await board.take(over.map((alert) => end(alert, clock.now())));
  }

  async function tick(): Promise<void> {
    try {
      await check();
      away = false;
    } catch (error) {
      if (!away && !signal.aborted)
        log.warn('Alertmanager cannot be asked what fires; it is tried again', { problem: describeError(error) });
      away = true;
    }
    if (!signal.aborted) clock.schedule(clock.now() + checkMs, () => void tick());
  }
  void tick();
}

function end(alert: Alert, now: number): Alert {
  return { ...alert, state: 'resolved', endsAt: now, heardAt: now };
}
