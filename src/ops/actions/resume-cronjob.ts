import { defineAction } from '../action.ts';
import { objectRbac } from '../object/rbac.ts';
import { CronJobParams, type Switch, turn } from '../object/switch.ts';

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
  surfaces: ['slash', 'button', 'ai'],
  rbac: objectRbac.CronJob,
  command: { name: 'resume-cronjob', arguments: ['target'], help: 'Let the runs of a CronJob start again.' },
  targets: ['CronJob'],
  lasting: true,
  params: CronJobParams,
  ...turn(wanted),
});
