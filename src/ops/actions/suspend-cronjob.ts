import { defineAction } from '../action.ts';
import { applyChange, isChanged, undoChange } from '../object/change.ts';
import { objectRbac } from '../object/rbac.ts';
import { CronJobParams, measureSwitch, planSwitch, type Switch } from '../object/switch.ts';
import { verifyReached } from '../workload/reached.ts';

const wanted: Switch = {
  field: 'suspend',
  on: true,
  verb: 'Suspend',
  done: 'suspended',
  risk: 'medium',
  blastRadius: 'No further run starts; one that is under way goes on.',
};

export const suspendCronJob = defineAction({
  id: 'suspend-cronjob',
  title: 'Suspend CronJob',
  risk: wanted.risk,
  surfaces: ['slash', 'button', 'ai'],
  rbac: objectRbac.CronJob,
  command: {
    name: 'suspend',
    arguments: ['target'],
    help: 'Start no further run of a CronJob; one that is under way goes on.',
  },
  targets: ['CronJob'],
  endsRollout: false,
  lasting: true,
  params: CronJobParams,
  plan: ({ target }, context) => planSwitch(target, wanted, context),
  execute: applyChange,
  isApplied: isChanged,
  measure: measureSwitch(wanted),
  verify: verifyReached,
  undo: undoChange,
});
