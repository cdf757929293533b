import { createIncidentRegistry, type IncidentRegistry, type RegistryContext } from '../../src/incidents/registry.ts';
import { quiet } from './redis.ts';

type Given = Pick<RegistryContext, 'incidents' | 'index' | 'queue' | 'clock'>;

/** The registry of a cluster with one channel and nothing configured beside; ids are numbers from 1. */
export function openPlainRegistry(given: Given): IncidentRegistry {
  let ids = 0;
  return createIncidentRegistry({
    routing: { channel: 'C_OPS', routes: [], maintenance: [] },
    escalations: {},
    maintenance: { all: async () => [] },
    cluster: 'test',
    log: quiet,
    identifiers: { next: () => `${(ids += 1)}` },
    retract: async () => undefined,
    ...given,
  });
}
