import { slimNode } from '../slim/node.ts';
import type { Source } from '../source.ts';

export const nodes: Source = {
  id: 'nodes',
  rbac: { apiGroup: '', resource: 'nodes', verbs: ['get', 'list', 'watch'] },
  path: () => '/api/v1/nodes',
  slim(raw) {
    const object = slimNode(raw);
    return object === undefined ? undefined : { kind: 'node', object };
  },
};
