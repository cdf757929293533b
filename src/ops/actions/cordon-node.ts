import { defineAction } from '../action.ts';
import { isReady } from '../node/service.ts';
import { objectRbac } from '../object/rbac.ts';
import { NodeParams, type Switch, turn } from '../object/switch.ts';

const wanted: Switch = {
  field: 'unschedulable',
  on: true,
  verb: 'Cordon',
  done: 'cordoned',
  risk: 'low',
  riskFor: ({ status }) => (isReady(status) ? 'medium' : 'low'),
  asks: { nodes: 1 },
  blastRadius: 'No new pod comes to it; the pods that are there stay.',
};

export const cordonNode = defineAction({
  id: 'cordon-node',
  title: 'Cordon node',
  surfaces: ['slash', 'button', 'auto', 'ai'],
  rbac: objectRbac.Node,
  command: { name: 'cordon', arguments: ['target'], help: 'Let no new pod come to a node; those that are there stay.' },
  targets: ['Node'],
  lasting: false,
  params: NodeParams,
  ...turn(wanted),
});
