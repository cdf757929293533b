import { defineAction } from '../action.ts';
import { applyChange, isChanged, undoChange } from '../object/change.ts';
import { objectRbac } from '../object/rbac.ts';
import { CronJobParams, measureSwitch, planSwitch, type Switch } from '../object/switch.ts';
import { verifyReached } from '../workload/reached.ts';

const wanted: Switch = {
  field: 'suspend',
  on: false,
  verb: 'Resume',
  done: 'not suspended',
  risk: 'medium',
  blastRadius: 'Its runs start again; one that was missed within its starting deadline starts at once.',
};

export const resumeCronJob = defineAction({
  id: 'resume-cronjob',
  title: 'Resume CronJob',
  risk: wanted.risk,
  surfaces: ['slash', 'button', 'ai'],
  rbac: objectRbac.CronJob,
  command: { name: 'resume-cronjob', arguments: ['target'], help: 'Let the runs of a CronJob start again.' },
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
