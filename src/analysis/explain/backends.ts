import type { ResourceRef } from '../../core/resource-ref.ts';
import type { ClusterView } from '../../core/view.ts';
import type { BackendView, ServiceView } from '../../core/views/network.ts';
import type { WrittenView } from '../../core/views/object.ts';
import { lasting, type Onset, onsetOfAbsence, writtenAt } from './onset.ts';

/** A backend that nothing answers for, in words and as the object that is missing. */
export interface BrokenBackend extends Onset {
  readonly backend: BackendView;
  readonly cause: string;
  readonly about: ResourceRef;
}

type Router = WrittenView & { readonly backends: readonly BackendView[] };

/** The backends whose Service, or whose port of it, does not exist. Those of namespaces that are not seen are taken for good. */
export function findBroken(router: Router, view: ClusterView, graceMs: number): readonly BrokenBackend[] {
  return router.backends
    .filter(({ namespace }) => view.knows('service', namespace))
    .flatMap((backend) => {
      const service = view.find('service', backend.namespace, backend.service);
      const cause = describeBackend(backend, service);
      const onset =
        service === undefined
          ? onsetOfAbsence(router, view.absence('service', backend.namespace, backend.service), graceMs)
          : lasting(Math.max(writtenAt(router), writtenAt(service)), graceMs);
      const about = { kind: 'Service', namespace: backend.namespace, name: backend.service };
      return cause === undefined ? [] : [{ backend, cause, about, ...onset }];
    });
}

function describeBackend(
  { service: name, port, path }: BackendView,
  service: ServiceView | undefined,
): string | undefined {
  if (service === undefined) return `Requests for ${path} go to Service ${name}, which does not exist.`;
  if (service.type === 'ExternalName' || port === undefined) return undefined;
  if (service.ports.some((one) => one.port === port || one.name === port)) return undefined;
  const has = service.ports.map((one) => (one.name === undefined ? `${one.port}` : `${one.name} (${one.port})`));
  return `Requests for ${path} go to port ${port} of Service ${name}, which only has ${has.join(', ') || 'none'}.`;
}

/** What people notice: everything, or some paths. */
export function describeReach(broken: readonly BrokenBackend[], all: readonly BackendView[]): string {
  const lost = new Set(broken.map(({ backend }) => backend.path));
  const paths = new Set(all.map(({ path }) => path));
  return lost.size === paths.size ? 'nothing behind it answers' : `${lost.size} of ${paths.size} paths answer nothing`;
}
