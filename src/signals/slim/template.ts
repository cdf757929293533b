import { readArray, readNumber, readPath, readString } from '../../core/json.ts';
import type { ContainerSpecView, PortView, ProbesView, TemplateView } from '../../core/views/workload.ts';
import { readLabels } from './metadata.ts';

/** Keeps of a pod template what tells whether others point at it rightly. */
export function slimTemplate(template: unknown): TemplateView {
  const sidecars = readArray(template, 'spec', 'initContainers').filter(
    (one) => readString(one, 'restartPolicy') === 'Always',
  );
  return {
    labels: readLabels(template, 'metadata', 'labels'),
    containers: [...sidecars, ...readArray(template, 'spec', 'containers')].map(slimContainer),
  };
}

function slimContainer(raw: unknown): ContainerSpecView {
  return { name: readString(raw, 'name') ?? '', ports: readPorts(raw, 'containerPort'), probes: readProbes(raw) };
}

/** Ports of a container (`containerPort`) or of an EndpointSlice (`port`). */
export function readPorts(raw: unknown, field: 'containerPort' | 'port'): PortView[] {
  return readArray(raw, 'ports').flatMap((one) => {
    const number = readNumber(one, field);
    return number === undefined ? [] : [{ name: readString(one, 'name'), number }];
  });
}

function readProbes(raw: unknown): ProbesView {
  return {
    liveness: describeProbe(readPath(raw, 'livenessProbe')),
    readiness: describeProbe(readPath(raw, 'readinessProbe')),
    startup: describeProbe(readPath(raw, 'startupProbe')),
  };
}

function describeProbe(probe: unknown): string | undefined {
  if (probe === undefined) return undefined;
  const period = readNumber(probe, 'periodSeconds') ?? 10;
  const failures = readNumber(probe, 'failureThreshold') ?? 3;
  return `${describeCheck(probe)} every ${period} s, ${failures} failures in a row count`;
}

function describeCheck(probe: unknown): string {
  if (readPath(probe, 'httpGet') !== undefined) {
    return `GET :${String(readPath(probe, 'httpGet', 'port'))}${readString(probe, 'httpGet', 'path') ?? '/'}`;
  }
  if (readPath(probe, 'tcpSocket') !== undefined) return `TCP :${String(readPath(probe, 'tcpSocket', 'port'))}`;
  if (readPath(probe, 'grpc') !== undefined) return `gRPC :${String(readPath(probe, 'grpc', 'port'))}`;
  return 'a command';
}
