import type { Alert } from '../core/alert.ts';
import type { AlertBoard } from '../core/ports/alert-board.ts';
import type { Signal } from '../core/signal.ts';
import { keepPolling, type PollingContext } from './polling.ts';
import { slimAlert } from './slim/alert.ts';

/** How often the board is asked for news, milliseconds. */
const pollMs = 1_000;

/** How long what has resolved is remembered, so that what comes late does not open it again, milliseconds. */
const rememberMs = 24 * 3_600_000;

export interface AlertStreamContext extends PollingContext {
  readonly board: AlertBoard;
  readonly emit: (signal: Signal) => void;
}

/** Emits the alerts that fire, all of them each time anything has changed. While the board cannot be read, what was last known goes on. */
export function watchAlerts(context: AlertStreamContext): void {
  const { board, clock, emit, signal } = context;
  let seen: number | undefined;

  async function poll(): Promise<void> {
    const version = await board.version();
    if (version === seen || signal.aborted) return;
    const alerts = await board.all();
    if (signal.aborted) return;
    emit({ type: 'listed', stream: { name: 'alerts', kind: 'alert' }, observations: observe(alerts) });
    seen = version;
    await board.forget(alerts.filter((alert) => isHistory(alert, clock.now())).map(({ fingerprint }) => fingerprint));
  }

  keepPolling(poll, pollMs, context);
}

function observe(alerts: readonly Alert[]) {
  return alerts
    .filter(({ state }) => state === 'firing')
    .map((alert) => ({ kind: 'alert', object: slimAlert(alert) }) as const);
}

function isHistory({ state, heardAt }: Alert, now: number): boolean {
  return now - heardAt > (state === 'resolved' ? rememberMs : 7 * rememberMs);
}
