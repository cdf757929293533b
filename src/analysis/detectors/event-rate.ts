import { z } from 'zod';
import type { RateView } from '../../core/views/rate.ts';
import { deviationOf } from '../baseline.ts';
import { defineDetector, type Subject } from '../detector.ts';
import { findingOfObject } from '../object-finding.ts';

const EventRateParams = z.strictObject({
  /** How far from its own usual rate counts, in robust standard deviations. */
  score: z.number().positive().default(10),
  /** Nothing is said before so much history is there. */
  warmUpHours: z.number().positive().default(2),
  /** Pods that start say a lot: nothing is said so soon after a release. */
  afterReleaseMinutes: z.number().nonnegative().default(15),
});
type EventRateParams = z.infer<typeof EventRateParams>;

const titles = {
  'event-rate': 'far more warnings than usual',
  'restart-rate': 'far more restarts than usual',
} as const;

/** Workloads and nodes about which Kubernetes complains far more often than it does otherwise. */
export const eventRate = defineDetector({
  id: 'event-rate',
  judges: 'any',
  kinds: titles,
  params: EventRateParams,
  evaluate(subject, params) {
    const { kind, namespace, name } = subject.subject;
    const rate = subject.view.find('rate', namespace, `${kind}/${name}`);
    if (rate === undefined || isReleased(subject, params)) return { findings: [] };
    const told = [judgeCounts('event-rate', rate, params), judgeCounts('restart-rate', rate, params)];
    return { findings: told.filter((one) => one !== undefined).map((one) => findingOfObject(subject.subject, one)) };
  },
});

function isReleased({ view, subject, now }: Subject, { afterReleaseMinutes }: EventRateParams): boolean {
  const [newest] = view.revisionsOf(subject);
  return newest !== undefined && now - newest.createdAt < afterReleaseMinutes * 60_000;
}

function judgeCounts(kind: keyof typeof titles, rate: RateView, { score, warmUpHours }: EventRateParams) {
  const { bucketMs, createdAt, reasons } = rate;
  const [count = 0, ...history] = kind === 'event-rate' ? rate.warnings : rate.restarts;
  if (history.length * bucketMs < warmUpHours * 3_600_000) return undefined;
  const usual = deviationOf(count, history);
  if (usual.score < score || count <= usual.highest) return undefined;
  const what = kind === 'event-rate' ? 'warnings' : 'restarts';
  const minutes = Math.round(bucketMs / 60_000);
  const hours = Math.round((history.length * bucketMs) / 3_600_000);
  const named = reasons
    .filter(([reason]) => (reason === 'Restarted') === (kind === 'restart-rate'))
    .slice(0, 3)
    .map(([reason, times]) => `${reason} ${times}`);
  return {
    detector: 'event-rate',
    kind,
    title: titles[kind],
    severity: 'warning' as const,
    cause: [
      `${count} ${what} in ${minutes} minutes; in the ${hours} h before it were ${usual.median} at most times and never more than ${usual.highest}.`,
      ...(named.length === 0 ? [] : [`Mostly: ${named.join(', ')}.`]),
    ],
    impact: `${count} ${what} in ${minutes} minutes`,
    since: createdAt - bucketMs,
  };
}
