import { z } from 'zod';
import type { ClusterView } from '../../core/view.ts';
import type { ServicePortRef, WebhooksView, WebhookView } from '../../core/views/network.ts';
import { defineDetector, type Subject } from '../detector.ts';
import { emptySince, readyEndpoints } from '../explain/endpoints.ts';
import { earliestOnset, groupDue, lasting, type Onset, onsetOfAbsence, writtenAt } from '../explain/onset.ts';
import { type DueTrouble, judgeTroubles } from '../object-finding.ts';

const WebhookBrokenParams = z.strictObject({
  /** Nothing answering counts after this long: pods are replaced now and then. */
  forSeconds: z.number().nonnegative().default(30),
  /** A CA that ends within this time is said. */
  caWithinDays: z.number().nonnegative().default(7),
});
type WebhookBrokenParams = z.infer<typeof WebhookBrokenParams>;

const titles = {
  'webhook-no-endpoints': 'nothing answers for an admission webhook',
  'webhook-ca-expiring': 'CA of an admission webhook ends',
} as const;

const dayMs = 86_400_000;

/** Admission webhooks that nothing answers for, or whose CA is no longer good: then the API server refuses writes, or lets them through unchecked. */
export const webhookBroken = defineDetector({
  id: 'webhook-broken',
  judges: ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'],
  kinds: titles,
  params: WebhookBrokenParams,
  evaluate(subject, params) {
    const { kind, name } = subject.subject;
    const found = [...subject.view.all('webhooks')].find((one) => one.kind === kind && one.name === name);
    if (found === undefined || found.deletion !== undefined) return { findings: [] };
    return judgeTroubles(subject, found, [
      ...judgeAnswers(found, subject, params.forSeconds * 1000),
      ...judgeCa(found, subject, params),
    ]);
  },
});

/** The worst of those that are alike tells for all. */
function troubleOf(
  kind: keyof typeof titles,
  broken: readonly WebhookView[],
  rest: Pick<DueTrouble, 'cause' | 'since' | 'from' | 'about'>,
): DueTrouble {
  const fails = broken.some(({ failurePolicy }) => failurePolicy === 'Fail');
  return {
    detector: 'webhook-broken',
    kind,
    title: titles[kind],
    severity: fails ? 'critical' : 'warning',
    impact: fails ? 'the API server refuses what it would have to check' : 'what it would check goes through unchecked',
    ...rest,
  };
}

interface Silence extends Onset {
  readonly webhook: WebhookView;
  readonly cause: string;
}

function judgeAnswers(webhooks: WebhooksView, { view, now }: Subject, forMs: number): readonly DueTrouble[] {
  const { createdAt } = webhooks;
  const dead = webhooks.webhooks.flatMap((webhook) => {
    const pointer = { createdAt, specWrittenAt: webhook.writtenAt };
    const found = silenceOf(webhook.service, { view, pointer, forMs });
    return found === undefined ? [] : [{ ...found, webhook, cause: `${webhook.name} is answered by ${found.cause}` }];
  });
  return groupDue(dead, now).map(describeSilence);
}

function describeSilence(dead: readonly Silence[]): DueTrouble {
  const services = new Map(dead.map(({ webhook: { service } }) => [`${service?.namespace}/${service?.name}`, service]));
  const about = [...services.values()].flatMap((one) =>
    one === undefined ? [] : [{ kind: 'Service', namespace: one.namespace, name: one.name }],
  );
  const cause = [...new Set(dead.map((one) => one.cause))];
  const broken = dead.map(({ webhook }) => webhook);
  return troubleOf('webhook-no-endpoints', broken, { cause, about, ...earliestOnset(dead) });
}

interface Question {
  readonly view: ClusterView;
  readonly pointer: { readonly createdAt: number; readonly specWrittenAt: number | undefined };
  readonly forMs: number;
}

/** Why nothing answers, and since when; undefined where something does, or where that is not seen. */
function silenceOf(ref: ServicePortRef | undefined, { view, pointer, forMs }: Question) {
  if (ref === undefined || !view.knows('service', ref.namespace)) return undefined;
  const service = view.find('service', ref.namespace, ref.name);
  const address = `Service ${ref.namespace}/${ref.name}`;
  if (service === undefined) {
    const onset = onsetOfAbsence(pointer, view.absence('service', ref.namespace, ref.name), forMs);
    return { ...onset, cause: `${address}, which does not exist.` };
  }
  const judged = service.type !== 'ExternalName' && view.knows('endpoints', ref.namespace);
  if (!judged || readyEndpoints(service, view) > 0) return undefined;
  const since = Math.max(writtenAt(pointer), emptySince(service, view));
  return { ...lasting(since, forMs), cause: `${address}, behind which no pod is ready.` };
}

function judgeCa(webhooks: WebhooksView, { now }: Subject, { caWithinDays }: WebhookBrokenParams): DueTrouble[] {
  const dated = webhooks.webhooks.filter(({ caExpiresAt }) => caExpiresAt !== undefined);
  const firstEnd = Math.min(...dated.map(({ caExpiresAt = Infinity }) => caExpiresAt));
  if (firstEnd === Infinity) return [];
  const ending = dated.filter(({ caExpiresAt }) => caExpiresAt === firstEnd);
  const date = new Date(firstEnd).toISOString().slice(0, 16).replace('T', ' ');
  const verb = firstEnd <= now ? 'ended' : 'ends';
  const cause = [`The CA by which the API server trusts ${ending[0]?.name ?? 'it'} ${verb} at ${date} UTC.`];
  const since = firstEnd - caWithinDays * dayMs;
  const trouble = troubleOf('webhook-ca-expiring', ending, { cause, since, from: since, about: [] });
  return [firstEnd <= now ? trouble : { ...trouble, severity: 'warning', impact: 'nothing yet' }];
}
