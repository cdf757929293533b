import { defineAction } from '../action.ts';
import { applyChange, isChanged, undoChange } from '../object/change.ts';
import { objectRbac } from '../object/rbac.ts';
import { measureSwitch, NodeParams, planSwitch, type Switch } from '../object/switch.ts';
import { verifyReached } from '../workload/reached.ts';

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
  risk: wanted.risk,
  surfaces: ['slash', 'button', 'auto', 'ai'],
  rbac: objectRbac.Node,
  command: { name: 'uncordon', arguments: ['target'], help: 'Let new pods come to a node again.' },
  targets: ['Node'],
  endsRollout: false,
  lasting: false,
  params: NodeParams,
  plan: ({ target }, context) => planSwitch(target, wanted, context),
  execute: applyChange,
  isApplied: isChanged,
  measure: measureSwitch(wanted),
  verify: verifyReached,
  undo: undoChange,
});
