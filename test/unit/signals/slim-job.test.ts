import { expect, it } from 'vitest';
import { slimCronJob } from '../../../src/signals/slim/job.ts';

it('tells when the schedule of a CronJob was written last, whoever wrote the rest', () => {
  const entry = (manager: string, time: string, fieldsV1: object) => ({ manager, time, fieldsV1 });
  const managedFields = [
    entry('helm', '2026-03-01T10:00:00Z', { 'f:spec': { 'f:schedule': {} } }),
    entry('ana', '2026-03-02T09:00:00Z', { 'f:spec': { 'f:suspend': {} } }),
    entry('kube-controller-manager', '2026-03-02T10:00:00Z', { 'f:status': { 'f:lastScheduleTime': {} } }),
  ];
  const raw = { metadata: { uid: 'u', name: 'report', managedFields }, spec: { schedule: '@daily' } };
  expect(slimCronJob(raw)?.specWrittenAt).toBe(Date.parse('2026-03-02T09:00:00Z'));
  expect(slimCronJob({ metadata: { uid: 'u', name: 'report' } })?.specWrittenAt).toBeUndefined();
});
