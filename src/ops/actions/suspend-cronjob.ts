import { defineAction } from '../action.ts';
import { objectRbac } from '../object/rbac.ts';
import { CronJobParams, type Switch, turn } from '../object/switch.ts';

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
  surfaces: ['slash', 'button', 'ai'],
  rbac: objectRbac.CronJob,
  command: {
    name: 'suspend',
    arguments: ['target'],
    help: 'Start no further run of a CronJob; one that is under way goes on.',
  },
  targets: ['CronJob'],
  lasting: true,
  params: CronJobParams,
  ...turn(wanted),
});
