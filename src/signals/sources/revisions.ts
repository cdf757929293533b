import type { RevisionView } from '../../core/view.ts';
import { slimControllerRevision, slimReplicaSet } from '../slim/revision.ts';
import { namespacedSource, type Source } from '../source.ts';

function revisionSource(resource: string, slim: (raw: unknown) => RevisionView | undefined): Source {
  return namespacedSource({
    id: resource,
    apiGroup: 'apps',
    resource,
    slim(raw) {
      const object = slim(raw);
      return object === undefined ? undefined : { kind: 'revision', object };
    },
  });
}

export const replicaSets = revisionSource('replicasets', slimReplicaSet);
export const controllerRevisions = revisionSource('controllerrevisions', slimControllerRevision);
