import { type Alert, foldAlert } from '../../../src/core/alert.ts';
import { LifeguardError } from '../../../src/core/errors.ts';
import type { AlertBoard } from '../../../src/core/ports/alert-board.ts';

const room = 10_000;

export function createFakeAlertBoard(): AlertBoard {
  let known = new Map<string, Alert>();
  let version = 0;
  return {
    async take(alerts) {
      const next = new Map(known);
      for (const alert of alerts) next.set(alert.fingerprint, foldAlert(next.get(alert.fingerprint), alert));
      if (next.size > room && next.size > known.size) {
        throw new LifeguardError('There is no room for more.', { code: 'store-full', retry: 'transient' });
      }
      if ([...next].some(([fingerprint, alert]) => known.get(fingerprint) !== alert)) version += 1;
      known = next;
    },
    version: async () => version,
    all: async () => [...known.values()],
    async forget(fingerprints) {
      for (const fingerprint of fingerprints) known.delete(fingerprint);
    },
  };
}
