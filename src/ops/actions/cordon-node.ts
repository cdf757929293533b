import { defineAction } from '../action.ts';
import { isReady } from '../node/service.ts';
import { applyChange, isChanged, undoChange } from '../object/change.ts';
import { objectRbac } from '../object/rbac.ts';
import { measureSwitch, NodeParams, planSwitch, type Switch } from '../object/switch.ts';
import { verifyReached } from '../workload/reached.ts';

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
  risk: wanted.risk,
  surfaces: ['slash', 'button', 'auto', 'ai'],
  rbac: objectRbac.Node,
  command: { name: 'cordon', arguments: ['target'], help: 'Let no new pod come to a node; those that are there stay.' },
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
