import { expect, it } from 'vitest';
import { slimIngress } from '../../../src/signals/slim/ingress.ts';
import { slimCronJob } from '../../../src/signals/slim/job.ts';
import { slimEndpoints } from '../../../src/signals/slim/service.ts';
import { slimWebhooks } from '../../../src/signals/slim/webhooks.ts';

const entry = (manager: string, time: string, fieldsV1: object) => ({ manager, time, fieldsV1 });
const ten = '2026-03-02T10:00:00Z';

it('tells when the specification was written last, whoever wrote the rest', () => {
  const managedFields = [
    entry('helm', '2026-03-01T10:00:00Z', { 'f:spec': { 'f:schedule': {} } }),
    entry('ana', '2026-03-02T09:00:00Z', { 'f:spec': { 'f:suspend': {} } }),
    entry('kube-controller-manager', ten, { 'f:status': { 'f:lastScheduleTime': {} } }),
  ];
  for (const slim of [slimCronJob, slimIngress]) {
    const raw = { metadata: { uid: 'u', name: 'report', managedFields } };
    expect(slim(raw)?.specWrittenAt).toBe(Date.parse('2026-03-02T09:00:00Z'));
    expect(slim({ metadata: { uid: 'u', name: 'report' } })?.specWrittenAt).toBeUndefined();
  }
});

it('tells when a webhook was pointed at its Service, not when its CA was put in', () => {
  const of = (field: string) => ({
    'f:webhooks': { 'k:{"name":"a.policy.io"}': { 'f:clientConfig': { [field]: {} } } },
  });
  const managedFields = [
    entry('helm', ten, of('f:service')),
    entry('cainjector', '2026-03-02T11:00:00Z', of('f:caBundle')),
  ];
  const webhooks = [{ name: 'a.policy.io' }, { name: 'b.policy.io' }];
  const slim = slimWebhooks('ValidatingWebhookConfiguration', {
    metadata: { uid: 'u', name: 'p', managedFields },
    webhooks,
  });
  expect(slim?.webhooks.map(({ writtenAt }) => writtenAt)).toEqual([Date.parse(ten), undefined]);
});

it('tells when endpoints last changed', () => {
  const managedFields = [entry('kube-controller-manager', ten, { 'f:endpoints': {} })];
  const labels = { 'kubernetes.io/service-name': 'shop' };
  const raw = { metadata: { uid: 'u', name: 'shop-1', labels, managedFields }, endpoints: null };
  expect(slimEndpoints(raw)).toMatchObject({ ready: 0, changedAt: Date.parse(ten) });
});
