import { slimWebhooks } from '../slim/webhooks.ts';
import { defineSource, type Source } from '../source.ts';

function webhookSource(kind: string, resource: string): Source {
  return defineSource({
    kind: 'webhooks',
    apiGroup: 'admissionregistration.k8s.io',
    resource,
    scope: 'cluster',
    slim: (raw) => slimWebhooks(kind, raw),
  });
}

export const validatingWebhooks = webhookSource('ValidatingWebhookConfiguration', 'validatingwebhookconfigurations');
export const mutatingWebhooks = webhookSource('MutatingWebhookConfiguration', 'mutatingwebhookconfigurations');
