import { z } from 'zod';
import type { ClusterView } from '../../core/view.ts';
import type { GatewayView, RouteView } from '../../core/views/network.ts';
import type { ConditionView } from '../../core/views/object.ts';
import { defineDetector, type Judgement, type Subject } from '../detector.ts';
import { type BrokenBackend, describeReach, findBroken } from '../explain/backends.ts';
import { earliestOnset, groupDue, lasting, latestOnset, type Onset, onsetOfAbsence } from '../explain/onset.ts';
import { type DueTrouble, judgeTroubles, quoteCondition } from '../object-finding.ts';

const GatewayBrokenParams = z.strictObject({
  /** What is pointed at may be made later, and controllers need a while. */
  forSeconds: z.number().nonnegative().default(60),
});

const titles = {
  'gateway-not-served': 'Gateway is not served',
  'gateway-listener': 'Gateway has a broken listener',
  'route-not-accepted': 'no Gateway takes the route',
  'route-no-backend': 'route leads to what does not exist',
} as const;

type Kind = keyof typeof titles;

/** Gateways and routes of the Gateway API. Silent where the cluster does not have it, because nothing is seen then. */
export const gatewayBroken = defineDetector({
  id: 'gateway-broken',
  judges: ['Gateway', 'HTTPRoute', 'GRPCRoute'],
  kinds: titles,
  params: GatewayBrokenParams,
  evaluate(subject, { forSeconds }) {
    const ms = forSeconds * 1000;
    return subject.subject.kind === 'Gateway' ? evaluateGateway(subject, ms) : evaluateRoute(subject, ms);
  },
});

function evaluateGateway(subject: Subject, forMs: number): Judgement {
  const { view } = subject;
  const { namespace, name } = subject.subject;
  const gateway = view.find('gateway', namespace, name);
  if (gateway === undefined || gateway.deletion !== undefined) return { findings: [] };
  return judgeTroubles(subject, gateway, [...judgeServed(gateway, view, forMs), ...judgeListeners(gateway, forMs)]);
}

function judgeServed(gateway: GatewayView, view: ClusterView, forMs: number): readonly DueTrouble[] {
  const { className, conditions } = gateway;
  const rest = { severity: 'critical', impact: 'nothing behind it answers' } as const;
  if (view.knows('gatewayClass', '') && view.find('gatewayClass', '', className) === undefined) {
    const cause = [`It asks for the GatewayClass ${className}, which does not exist.`];
    const onset = onsetOfAbsence(gateway, view.absence('gatewayClass', '', className), forMs);
    const about = [{ kind: 'GatewayClass', namespace: '', name: className }];
    return [troubleOf('gateway-not-served', { ...rest, cause, about, ...onset })];
  }
  const [refused] = failing(conditions, { Accepted: 'False', Programmed: 'False' });
  return refused === undefined ? [] : [troubleOf('gateway-not-served', { ...rest, ...said(refused, forMs) })];
}

function judgeListeners({ listeners }: GatewayView, forMs: number): readonly DueTrouble[] {
  const broken = listeners.flatMap(({ name, conditions }) =>
    failing(conditions, { Accepted: 'False', ResolvedRefs: 'False', Programmed: 'False', Conflicted: 'True' })
      .slice(0, 1)
      .map((condition) => ({ name, condition })),
  );
  if (broken.length === 0) return [];
  const cause = broken.map(({ name, condition }) => `Listener ${name}: ${quoteCondition(condition)}`);
  const onset = lasting(Math.min(...broken.map(({ condition }) => condition.since)), forMs);
  const all = broken.length === listeners.length;
  const impact = all ? 'none of its listeners works' : `${broken.length} of ${listeners.length} listeners do not work`;
  return [troubleOf('gateway-listener', { cause, ...onset, impact, severity: all ? 'critical' : 'warning' })];
}

function evaluateRoute(subject: Subject, forMs: number): Judgement {
  const { kind, namespace, name } = subject.subject;
  const route = subject.view.within('route', namespace).find((one) => one.kind === kind && one.name === name);
  if (route === undefined || route.deletion !== undefined) return { findings: [] };
  return judgeTroubles(subject, route, [
    ...judgeParents(route, subject.view, forMs),
    ...judgeBackends(route, subject, forMs),
  ]);
}

/** One Gateway that takes it is enough. */
function judgeParents(route: RouteView, view: ClusterView, forMs: number): readonly DueTrouble[] {
  const { parents, conditions } = route;
  const rest = { severity: 'critical', impact: 'its requests reach nothing' } as const;
  const missing = parents.filter(
    ({ namespace, name }) => view.knows('gateway', namespace) && view.find('gateway', namespace, name) === undefined,
  );
  if (parents.length > 0 && missing.length === parents.length) {
    const names = missing.map(({ namespace, name }) => `${namespace}/${name}`).join(', ');
    const about = missing.map(({ namespace, name }) => ({ kind: 'Gateway', namespace, name }));
    const cause = [`It attaches to Gateway ${names}, which does not exist.`];
    const onsets = missing.map((one) => onsetOfAbsence(route, view.absence('gateway', one.namespace, one.name), forMs));
    return [troubleOf('route-not-accepted', { ...rest, cause, about, ...latestOnset(onsets) })];
  }
  const verdicts = conditions.filter(({ type }) => type === 'Accepted');
  const [refused] = verdicts;
  if (refused === undefined || verdicts.some(({ status }) => status !== 'False')) return [];
  return [troubleOf('route-not-accepted', { ...rest, ...said(refused, forMs) })];
}

function judgeBackends(route: RouteView, { view, now }: Subject, forMs: number): readonly DueTrouble[] {
  const [unresolved] = failing(route.conditions, { ResolvedRefs: 'False' });
  const found: readonly FaultyBackend[] = [
    ...findBroken(route, view, forMs),
    ...(unresolved === undefined ? [] : [{ ...lasting(unresolved.since, forMs), cause: quoteCondition(unresolved) }]),
  ];
  return groupDue(found, now).map((group) => {
    const broken = group.filter(isBroken);
    const impact = broken.length === 0 ? 'some of its requests fail' : describeReach(broken, route.backends);
    return troubleOf('route-no-backend', {
      impact,
      severity: impact.startsWith('nothing') ? 'critical' : 'warning',
      cause: group.map(({ cause }) => cause),
      ...earliestOnset(group),
      about: broken.map(({ about }) => about),
    });
  });
}

/** Seen here, or said by the controller. */
type FaultyBackend = BrokenBackend | (Onset & { readonly cause: string });

function isBroken(found: FaultyBackend): found is BrokenBackend {
  return 'backend' in found;
}

function failing(
  conditions: readonly ConditionView[],
  bad: Readonly<Record<string, ConditionView['status']>>,
): readonly ConditionView[] {
  return conditions.filter(({ type, status }) => bad[type] === status);
}

function said(condition: ConditionView, forMs: number): Pick<DueTrouble, 'cause' | 'since' | 'from'> {
  return { cause: [quoteCondition(condition)], ...lasting(condition.since, forMs) };
}

function troubleOf(kind: Kind, rest: Omit<DueTrouble, 'detector' | 'kind' | 'title'>): DueTrouble {
  return { detector: 'gateway-broken', kind, title: titles[kind], ...rest };
}
