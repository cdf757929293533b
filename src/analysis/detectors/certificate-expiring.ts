import { z } from 'zod';
import type { Severity } from '../../core/finding.ts';
import { refName } from '../../core/resource-ref.ts';
import type { ClusterView } from '../../core/view.ts';
import type { CertificateView } from '../../core/views/network.ts';
import { defineDetector, type Judgement, type Subject } from '../detector.ts';
import { count, listRefs } from '../explain/node.ts';
import { judgeTroubles } from '../object-finding.ts';

const CertificateExpiringParams = z.strictObject({
  /** A certificate that ends sooner than this counts. cert-manager renews by default when a third of the lifetime is left. */
  withinDays: z.number().positive().default(14),
  /** Sooner than this it becomes urgent. */
  urgentDays: z.number().nonnegative().default(3),
});
type CertificateExpiringParams = z.infer<typeof CertificateExpiringParams>;

const titles = {
  'certificate-expiring': 'certificate is about to expire',
  'certificate-expired': 'certificate has expired',
} as const;

const dayMs = 86_400_000;

/** Certificates in Secrets of type kubernetes.io/tls, where the configuration allows to read them. */
export const certificateExpiring = defineDetector({
  id: 'certificate-expiring',
  judges: ['Secret'],
  kinds: titles,
  params: CertificateExpiringParams,
  evaluate: evaluateCertificate,
});

function evaluateCertificate(subject: Subject, params: CertificateExpiringParams): Judgement {
  const { view, now } = subject;
  const { namespace, name } = subject.subject;
  const certificate = view.find('certificate', namespace, name);
  const expiresAt = certificate?.expiresAt;
  if (certificate === undefined || expiresAt === undefined || certificate.deletion !== undefined)
    return { findings: [] };
  const expired = now >= expiresAt;
  const users = usersOf(view, certificate);
  const kind = expired ? 'certificate-expired' : 'certificate-expiring';
  const since = expired ? expiresAt : expiresAt - params.withinDays * dayMs;
  const judgement = judgeTroubles(subject, certificate, [
    {
      detector: 'certificate-expiring',
      kind,
      title: titles[kind],
      severity: rate({ left: expiresAt - now, used: users.length > 0, params }),
      cause: describe(certificate, expiresAt - now),
      impact: users.length === 0 ? 'no Ingress or Gateway uses it' : `serves ${listRefs(users)}`,
      since,
      from: since,
    },
  ]);
  const next = [expiresAt - params.urgentDays * dayMs, expiresAt].find((at) => at > now);
  return { ...(next === undefined ? {} : { recheckAt: next }), ...judgement };
}

function rate(of: { readonly left: number; readonly used: boolean; readonly params: CertificateExpiringParams }) {
  const urgent = of.left <= of.params.urgentDays * dayMs;
  const severities: readonly Severity[] = of.used ? ['critical', 'warning'] : ['warning', 'info'];
  return severities[urgent ? 0 : 1] ?? 'warning';
}

function describe({ names, issuer, expiresAt = 0 }: CertificateView, leftMs: number): readonly string[] {
  const owner = names.length === 0 ? '' : ` for ${names.slice(0, 3).join(', ')}`;
  const date = new Date(expiresAt).toISOString().slice(0, 16).replace('T', ' ');
  const verb = leftMs > 0 ? 'is valid until' : 'was valid until';
  return [
    `The certificate${owner} ${verb} ${date} UTC (${describeDistance(leftMs)}).`,
    ...(issuer === '' ? [] : [`Issued by ${issuer}.`]),
    leftMs > 0 ? 'Nothing has renewed it yet.' : 'Clients that check it refuse the connection.',
  ];
}

/** A day is named by what is left of it, so that the sentence changes once a day. */
function describeDistance(leftMs: number): string {
  const days = Math.floor(Math.abs(leftMs) / dayMs);
  const words = days === 0 ? 'less than a day' : count(days, 'day');
  return leftMs > 0 ? `${words} left` : `${words} ago`;
}

function usersOf(view: ClusterView, { namespace, name }: CertificateView) {
  const ingresses = view
    .within('ingress', namespace)
    .filter(({ tlsSecrets }) => tlsSecrets.includes(name))
    .map((ingress) => ({ kind: 'Ingress', namespace, name: ingress.name }));
  const gateways = view
    .within('gateway', namespace)
    .filter(({ listeners }) => listeners.some(({ tlsSecrets }) => tlsSecrets.includes(name)))
    .map((gateway) => ({ kind: 'Gateway', namespace, name: gateway.name }));
  return [...ingresses, ...gateways].toSorted((a, b) => (refName(a) < refName(b) ? -1 : 1));
}
