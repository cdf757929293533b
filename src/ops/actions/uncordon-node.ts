import { defineAction } from '../action.ts';
import { objectRbac } from '../object/rbac.ts';
import { NodeParams, type Switch, turn } from '../object/switch.ts';

const wanted: Switch = {
  field: 'unschedulable',
  on: false,
  verb: 'Uncordon',
  done: 'open to new pods',
  risk: 'medium',
  blastRadius: 'New pods may come to it again.',
};

export const uncordonNode = defineAction({
  id: 'uncordon-node',
  title: 'Uncordon node',
  surfaces: ['slash', 'button', 'auto', 'ai'],
  rbac: objectRbac.Node,
  command: { name: 'uncordon', arguments: ['target'], help: 'Let new pods come to a node again.' },
  targets: ['Node'],
  lasting: false,
  params: NodeParams,
  ...turn(wanted),
});
