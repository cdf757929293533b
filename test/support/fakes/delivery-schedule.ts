import type { Clock } from '../../../src/core/ports/clock.ts';
import type { DeliverySchedule } from '../../../src/core/ports/delivery-schedule.ts';

interface Mark {
  readonly version: number;
  readonly since: number;
}

/** The schedule in memory. */
export function createFakeDeliverySchedule(clock: Pick<Clock, 'now'>): DeliverySchedule {
  const marks = new Map<string, Map<string, Mark>>();
  const of = (channel: string): Map<string, Mark> => marks.get(channel) ?? new Map();
  return {
    async mark({ channel, incidentId, version }) {
      const known = of(channel).get(incidentId);
      const next = { version: Math.max(version, known?.version ?? 0), since: known?.since ?? clock.now() };
      marks.set(channel, new Map([...of(channel), [incidentId, next]]));
    },
    async clear({ channel, incidentId, version }) {
      const known = of(channel).get(incidentId);
      if (known !== undefined && known.version <= version) of(channel).delete(incidentId);
    },
    waiting: async (channel) => new Map([...of(channel)].map(([id, { version }]) => [id, version])),
    channels: async () => [...marks].filter(([, own]) => own.size > 0).map(([channel]) => channel),
    async oldest() {
      const times = [...marks.values()].flatMap((own) => [...own.values()].map(({ since }) => since));
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}
