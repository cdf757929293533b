import { z } from 'zod';
import { pattern } from './words.ts';

const label = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'the name of a label in Loki: letters, digits and _');

const megabytes = z.number().int().min(1).max(4_096);

const Loki = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Where Loki answers. The bearer token, where it asks for one, comes from LOKI_TOKEN.'),
    tenant: z
      .string()
      .regex(/^[!-~]{1,150}$/, 'the name of a tenant: up to 150 letters, digits and signs')
      .optional()
      .describe('Whose logs, where Loki keeps those of several apart (X-Scope-OrgID).'),
    labels: z
      .strictObject({
        namespace: label.default('namespace'),
        pod: label.default('pod'),
        container: label.default('container'),
      })
      .prefault({})
      .describe('What the labels of streams are called that say where a line was written.'),
    match: z
      .record(label, z.string())
      .default({})
      .describe('Labels that every stream has besides: cluster: production, say, where Loki has the logs of several.'),
  })
  .describe('Logs that Loki keeps, also of pods that are gone.');

const Push = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .describe('Take what Fluentd, Fluent Bit and Vector send to POST /logs. Set LIFEGUARD_WEBHOOK_TOKEN too.'),
    waitingMegabytes: megabytes
      .default(32)
      .describe('How much may wait in Redis until it is read; then senders are asked to slow down (429).'),
    keptMegabytes: megabytes
      .default(32)
      .describe('How much is kept in Redis for people: 256 kB of each container at most; the oldest containers go.'),
    keptHours: z
      .number()
      .positive()
      .max(720)
      .default(24)
      .describe('How long it is kept after the last line of a container.'),
  })
  .describe('Logs that collectors send.');

/** Where logs are read, and whose are listened to. */
export const LogSettings = z
  .strictObject({
    namespaces: z
      .array(pattern)
      .default([])
      .describe('Where all workloads are listened to; elsewhere only those that are in trouble are.'),
    bucketSeconds: z
      .number()
      .int()
      .min(5)
      .max(300)
      .default(30)
      .describe('Lines are counted in spans of this length, 120 of which are kept to know what is usual.'),
    source: z
      .enum(['pods', 'loki', 'pushed'])
      .default('pods')
      .describe('Where it is listened: at the pods through the API server, in Loki, or to what collectors send.'),
    loki: Loki.prefault({}),
    push: Push.prefault({}),
  })
  .superRefine(({ source, loki, push }, context) => {
    if (source === 'loki' && loki.url === undefined)
      context.addIssue({ code: 'custom', path: ['source'], message: 'loki only where logs.loki.url is set' });
    if (source === 'pushed' && !push.enabled)
      context.addIssue({ code: 'custom', path: ['source'], message: 'pushed only where logs.push.enabled is true' });
  });
