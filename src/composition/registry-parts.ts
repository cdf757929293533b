import type { Config } from '../config/load.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Identifiers } from '../core/ports/identifiers.ts';
import type { Log } from '../core/ports/log.ts';
import { createIncidentRegistry, type IncidentRegistry, type RegistryContext } from '../incidents/registry.ts';
import type { Routing } from '../incidents/routing.ts';
import type { Telemetry } from '../platform/telemetry/metrics.ts';
import type { StoreParts } from './store-parts.ts';

interface RegistryParts {
  readonly config: Config;
  readonly store: StoreParts;
  readonly clock: Clock;
  readonly identifiers: Identifiers;
  readonly telemetry: Telemetry;
  readonly log: Log;
  readonly retract: RegistryContext['retract'];
}

/** Seconds from a condition to its incident; a minute and more where a detector needs time. */
const buckets = [0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900];

export function openRegistry(parts: RegistryParts): IncidentRegistry {
  const { config, store, clock, identifiers, telemetry, log, retract } = parts;
  const { incidents, index, queue, maintenance } = store;
  const opened = telemetry.counter({
    name: 'incidents_opened_total',
    help: 'Incidents opened, by the kind of finding and its severity.',
    labels: ['kind', 'severity'],
  });
  const detection = telemetry.histogram({
    name: 'detection_seconds',
    help: 'From the first fact of a finding to its incident; the time that a detector needs to be sure is in it.',
    labels: ['detector'],
    buckets,
  });
  return createIncidentRegistry({
    cluster: config.cluster.name,
    incidents,
    index,
    queue,
    clock,
    identifiers,
    log,
    maintenance,
    retract,
    routing: routingOf(config),
    escalations: config.incidents.escalations,
    onOpen(incident, finding) {
      opened({ kind: finding.kind, severity: incident.severity });
      detection({ detector: finding.detector }, (incident.openedAt - finding.since) / 1000);
    },
  });
}

function routingOf({ slack, incidents }: Config): Routing {
  const { routes, maintenance, escalations } = incidents;
  const escalation = Object.hasOwn(escalations, 'default') ? 'default' : undefined;
  return { channel: slack.channel, escalation, routes, maintenance };
}
