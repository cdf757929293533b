import { slimControllerRevision, slimReplicaSet } from '../slim/revision.ts';
import { defineSource } from '../source.ts';

export const replicaSets = defineSource({
  kind: 'revision',
  apiGroup: 'apps',
  resource: 'replicasets',
  slim: slimReplicaSet,
});

export const controllerRevisions = defineSource({
  kind: 'revision',
  apiGroup: 'apps',
  resource: 'controllerrevisions',
  slim: slimControllerRevision,
});
