import type { Observation } from '../core/signal.ts';
import type { ViewKind } from '../core/view.ts';
import { nameKey } from './shelves.ts';

/** Kinds whose objects others name, so that somebody asks since when one is missing. */
const named: ReadonlySet<ViewKind> = new Set(['service', 'ingressClass', 'gateway', 'gatewayClass', 'certificate']);

/** Departures remembered of each kind; the oldest are forgotten first. */
const mostKept = 1_000;

/** When objects that others name were seen to go. */
export interface Departures {
  note(gone: Observation): void;
  /** It is there again. */
  forget(present: Observation): void;
  /** Epoch milliseconds; undefined where it was not seen to go. */
  of(kind: ViewKind, namespace: string, name: string): number | undefined;
}

export function createDepartures(now: () => number): Departures {
  const known = new Map([...named].map((kind) => [kind, new Map<string, number>()]));
  return {
    note({ kind, object: { namespace, name } }) {
      const times = known.get(kind);
      times?.delete(nameKey(namespace, name));
      times?.set(nameKey(namespace, name), now());
      const [oldest] = times?.keys() ?? [];
      if (oldest !== undefined && (times?.size ?? 0) > mostKept) times?.delete(oldest);
    },
    forget: ({ kind, object: { namespace, name } }) => void known.get(kind)?.delete(nameKey(namespace, name)),
    of: (kind, namespace, name) => known.get(kind)?.get(nameKey(namespace, name)),
  };
}
