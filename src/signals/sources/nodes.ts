import { slimNode } from '../slim/node.ts';
import { defineSource } from '../source.ts';

export const nodes = defineSource({ kind: 'node', apiGroup: '', resource: 'nodes', scope: 'cluster', slim: slimNode });
