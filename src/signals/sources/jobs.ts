import { slimCronJob, slimJob } from '../slim/job.ts';
import { defineSource } from '../source.ts';

export const jobs = defineSource({ kind: 'job', apiGroup: 'batch', resource: 'jobs', slim: slimJob });
export const cronJobs = defineSource({ kind: 'cronJob', apiGroup: 'batch', resource: 'cronjobs', slim: slimCronJob });
