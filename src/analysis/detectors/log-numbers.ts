import { z } from 'zod';
import type { LogNumber, LogPattern } from '../../core/log-pattern.ts';
import type { LogsView } from '../../core/views/logs.ts';
import { defineDetector, type Judgement, type Subject } from '../detector.ts';
import { formatSince, logsOf, podsNamed, quoteTemplate } from '../explain/patterns.ts';
import { findDrift } from '../logs/drift.ts';
import { bucketStart, releasedJustBefore } from '../logs/usual.ts';
import { findingOfPods } from '../pod-finding.ts';

const LogNumbersParams = z.strictObject({
  /** So many times what was usual, or so many times less. */
  factor: z.number().gt(1).default(3),
  /** Points by which a percentage must have moved. */
  points: z.number().positive().max(100).default(30),
  /** For how long it must have been so. */
  forSeconds: z.number().positive().default(120),
  /** How much of the time before must be known. */
  warmUpSeconds: z.number().positive().default(300),
});
type LogNumbersParams = z.infer<typeof LogNumbersParams>;

const titles = { 'log-number-drift': 'logs numbers that are far from usual' } as const;

/** Numbers that are told of. */
const most = 3;

/** Numbers that a workload logs itself: how long it takes, how full its pool is, how often its cache knows the answer. */
export const logNumbers = defineDetector({
  id: 'log-numbers',
  judges: 'pods',
  kinds: titles,
  params: LogNumbersParams,
  evaluate(subject, params): Judgement {
    const logs = logsOf(subject);
    if (logs === undefined) return { findings: [] };
    const drifts = logs.patterns.flatMap((pattern) =>
      pattern.numbers.flatMap((number) => judgeNumber({ pattern, number }, { subject, logs, params })),
    );
    if (drifts.length === 0) return { findings: [] };
    const ordered = drifts.toSorted((a, b) => b.change - a.change);
    const left = ordered.length - most;
    const finding = findingOfPods(subject, {
      detector: 'log-numbers',
      kind: 'log-number-drift',
      title: titles['log-number-drift'],
      severity: 'warning',
      ...releasedJustBefore,
      cause: [
        ...ordered.slice(0, most).map(({ sentence }) => sentence),
        ...(left > 0 ? [`${left} more like these.`] : []),
      ],
      since: Math.min(...drifts.map(({ since }) => since)),
      affected: podsNamed(
        subject,
        drifts.flatMap(({ pattern }) => pattern.pods),
      ),
      impact: ordered[0]?.impact ?? '',
    });
    return { findings: [finding] };
  },
});

interface Place {
  readonly subject: Subject;
  readonly logs: LogsView;
  readonly params: LogNumbersParams;
}

interface Told {
  readonly pattern: LogPattern;
  readonly since: number;
  readonly change: number;
  readonly sentence: string;
  readonly impact: string;
}

function judgeNumber(
  { pattern, number }: { readonly pattern: LogPattern; readonly number: LogNumber },
  { subject, logs, params }: Place,
): readonly Told[] {
  const { warmUpSeconds, forSeconds, factor, points } = params;
  const drift = findDrift(number, {
    factor,
    points,
    recent: Math.ceil((forSeconds * 1000) / logs.bucketMs),
    usual: Math.ceil((warmUpSeconds * 1000) / logs.bucketMs),
  });
  if (drift === undefined) return [];
  const since = bucketStart(logs, drift.buckets);
  const values = `${format(drift.value, number)}, ${format(drift.median, number)} before`;
  const named = number.name === '' ? 'A number' : `“${number.name}”`;
  const sentence = `${named} is ${values} (never beyond ${format(drift.extreme, number)}), since ${formatSince(since, subject.now)}, in ${quoteTemplate(pattern)}.`;
  return [{ pattern, since, change: drift.change, sentence, impact: `${number.name} ${values}`.trim() }];
}

function format(value: number, { unit }: LogNumber): string {
  const digits = coarse(value);
  if (unit.startsWith('%')) return `${Math.round(value / 5) * 5} ${unit}`;
  return unit === '' ? `${digits}` : `${digits} ${unit}`;
}

const steps = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10] as const;

/** Coarse, so that what is told is not told anew for every bucket: within 15 % of the value. */
function coarse(value: number): number {
  if (value === 0) return 0;
  const power = 10 ** Math.floor(Math.log10(Math.abs(value)));
  const off = (step: number): number => Math.abs(step * power - Math.abs(value));
  const nearest = steps.reduce((best, step) => (off(step) < off(best) ? step : best));
  return Math.sign(value) * Number((nearest * power).toPrecision(2));
}
