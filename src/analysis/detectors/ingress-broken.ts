import { z } from 'zod';
import type { ClusterView } from '../../core/view.ts';
import type { IngressView } from '../../core/views/network.ts';
import { defineDetector, type Judgement, type Subject } from '../detector.ts';
import { describeReach, findBroken } from '../explain/backends.ts';
import { earliestOnset, groupDue, lasting, onsetOfAbsence, writtenAt } from '../explain/onset.ts';
import { type DueTrouble, judgeTroubles } from '../object-finding.ts';

const IngressBrokenParams = z.strictObject({
  /** What an Ingress points at may be made after it. */
  graceSeconds: z.number().nonnegative().default(30),
  /** A certificate may be issued only once the Ingress is there. */
  certificateGraceSeconds: z.number().nonnegative().default(300),
  /** A controller may serve an Ingress without a class; then it gives it an address by this time. */
  addressGraceSeconds: z.number().nonnegative().default(300),
});
type IngressBrokenParams = z.infer<typeof IngressBrokenParams>;

const titles = {
  'ingress-no-backend': 'Ingress routes to what does not exist',
  'ingress-no-class': 'no controller serves the Ingress',
  'ingress-no-certificate': 'Ingress has no certificate',
} as const;

/** Ingresses whose class, backends or certificates are missing. */
export const ingressBroken = defineDetector({
  id: 'ingress-broken',
  judges: ['Ingress'],
  kinds: titles,
  params: IngressBrokenParams,
  evaluate: evaluateIngress,
});

function evaluateIngress(subject: Subject, params: IngressBrokenParams): Judgement {
  const { view } = subject;
  const { namespace, name } = subject.subject;
  const ingress = view.find('ingress', namespace, name);
  if (ingress === undefined || ingress.deletion !== undefined) return { findings: [] };
  const graceMs = params.graceSeconds * 1000;
  return judgeTroubles(subject, ingress, [
    ...judgeClass(ingress, view, graceMs),
    ...judgeNoClass(ingress, view, params.addressGraceSeconds * 1000),
    ...judgeBackends(ingress, subject, graceMs),
    ...judgeCertificates(ingress, subject, params.certificateGraceSeconds * 1000),
  ]);
}

type Kind = keyof typeof titles;

function troubleOf(kind: Kind, rest: Omit<DueTrouble, 'detector' | 'kind' | 'title'>): DueTrouble {
  return { detector: 'ingress-broken', kind, title: titles[kind], ...rest };
}

/** Nothing serves it for sure only where it asks for a class that does not exist. */
function judgeClass(ingress: IngressView, view: ClusterView, graceMs: number): readonly DueTrouble[] {
  const { className } = ingress;
  if (className === undefined || !view.knows('ingressClass', '')) return [];
  const classes = [...view.all('ingressClass')].map(({ name }) => name);
  if (classes.includes(className)) return [];
  const has = classes.length === 0 ? 'the cluster has none' : `the cluster has ${classes.toSorted().join(', ')}`;
  const cause = [`It asks for the IngressClass ${className}, which does not exist: ${has}.`];
  const about = [{ kind: 'IngressClass', namespace: '', name: className }];
  const onset = onsetOfAbsence(ingress, view.absence('ingressClass', '', className), graceMs);
  const impact = 'nothing behind it answers';
  return [troubleOf('ingress-no-class', { cause, about, ...onset, severity: 'critical', impact })];
}

/** A class by annotation is older than IngressClasses and needs none. Without any a controller may serve it all the same, and mostly says so by an address. */
function judgeNoClass(ingress: IngressView, view: ClusterView, graceMs: number): readonly DueTrouble[] {
  const classes = [...view.all('ingressClass')];
  if (ingress.className !== undefined || ingress.taken || classes.length === 0) return [];
  if (classes.some(({ isDefault }) => isDefault)) return [];
  const names = classes.map(({ name }) => name).toSorted();
  const cause = [
    `It asks for no IngressClass, and none of the cluster's is the default (${names.join(', ')}). No controller has given it an address.`,
  ];
  const since = Math.max(writtenAt(ingress), Math.min(...classes.map(({ createdAt }) => createdAt)));
  const impact = 'nothing behind it answers, unless a controller serves it without a class';
  return [troubleOf('ingress-no-class', { cause, ...lasting(since, graceMs), severity: 'warning', impact })];
}

function judgeBackends(ingress: IngressView, { view, now }: Subject, graceMs: number): readonly DueTrouble[] {
  return groupDue(findBroken(ingress, view, graceMs), now).map((broken) => {
    const impact = describeReach(broken, ingress.backends);
    const severity = impact.startsWith('nothing') ? 'critical' : 'warning';
    const [cause, about] = [broken.map((one) => one.cause), broken.map((one) => one.about)];
    return troubleOf('ingress-no-backend', { cause, about, ...earliestOnset(broken), severity, impact });
  });
}

/** Only where Secrets are watched, which is off unless the operator says so. */
function judgeCertificates(ingress: IngressView, { view, now }: Subject, graceMs: number): readonly DueTrouble[] {
  const { namespace } = ingress;
  if (!view.knows('certificate', namespace)) return [];
  const missing = ingress.tlsSecrets
    .filter((name) => view.find('certificate', namespace, name) === undefined)
    .map((name) => ({ name, ...onsetOfAbsence(ingress, view.absence('certificate', namespace, name), graceMs) }));
  return groupDue(missing, now).map((group) => {
    const cause = group.map(
      ({ name }) =>
        `It takes its certificate from Secret ${name}, which does not exist or is not of type kubernetes.io/tls.`,
    );
    const about = group.map(({ name }) => ({ kind: 'Secret', namespace, name }));
    const impact = "browsers are shown the controller's own certificate, and warn";
    return troubleOf('ingress-no-certificate', { cause, about, ...earliestOnset(group), severity: 'warning', impact });
  });
}
