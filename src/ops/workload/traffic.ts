import { fillQuery } from '../../analysis/explain/promql.ts';
import type { Measurement, Traffic, Verification } from '../../core/action.ts';
import { isWorkloadRef, type ResourceRef } from '../../core/resource-ref.ts';
import type { ActionContext } from '../context.ts';

/** What counts as no change whatever it is a share of: 1 % of requests, 50 ms. */
const floors = { errorRate: 0.01, latency: 0.05 } as const;
const signals = ['errorRate', 'latency'] as const;
type TrafficSignal = (typeof signals)[number];

/**
 * How the workload serves now, by the configured queries; undefined where there are none, or where the target is no workload. A query without a
 * finite sample gives null. Fails as `Metrics` does.
 */
export async function readTraffic(
  target: ResourceRef,
  { metrics, policy }: ActionContext,
): Promise<Traffic | undefined> {
  const { traffic } = policy.verification;
  if (metrics === undefined || !isWorkloadRef(target)) return undefined;
  if (signals.every((name) => traffic[name] === undefined)) return undefined;
  const read = async (name: TrafficSignal): Promise<number | null> => {
    const query = traffic[name];
    if (query === undefined) return null;
    const [sample] = await metrics.query(fillQuery(query, target));
    return sample !== undefined && Number.isFinite(sample.value) ? sample.value : null;
  };
  const [errorRate, latency] = await Promise.all(signals.map(read));
  return { errorRate: errorRate ?? null, latency: latency ?? null };
}

type Judged = Pick<Verification, 'verdict' | 'sentence'>;

/**
 * Whether it serves at least as well as before: worse where errors or latency rose by more than the tolerated share (and the floor); unknown where
 * there were samples before and are none now. What never had a sample says nothing.
 */
export function compareTraffic(
  before: Measurement['traffic'],
  after: Traffic,
  { tolerance }: { readonly tolerance: number },
): Judged {
  if (before === undefined)
    return { verdict: 'unknown', sentence: 'How it served before is not known, so that cannot be compared.' };
  const told = signals.flatMap((name) => describe(name, before[name], after[name]));
  const sentence = told.join(', ');
  if (signals.some((name) => before[name] !== null && after[name] === null))
    return { verdict: 'unknown', sentence: `There are no samples of how it serves now (${sentence}).` };
  const worse = signals.some((name) =>
    isWorse(before[name], after[name], Math.max(floors[name], tolerance * (before[name] ?? 0))),
  );
  return { verdict: worse ? 'worse' : 'improved', sentence: sentence === '' ? '' : `${sentence}.` };
}

function isWorse(before: number | null, after: number | null, allowed: number): boolean {
  return before !== null && after !== null && after - before > allowed;
}

function describe(name: TrafficSignal, before: number | null, after: number | null): readonly string[] {
  if (before === null && after === null) return [];
  const [word, format] = name === 'errorRate' ? (['Errors', percent] as const) : (['latency', millis] as const);
  return [`${word} ${format(after)}, before ${format(before)}`];
}

function percent(value: number | null): string {
  return value === null ? 'unknown' : `${(value * 100).toFixed(1)} %`;
}

function millis(value: number | null): string {
  return value === null ? 'unknown' : `${Math.round(value * 1000)} ms`;
}
