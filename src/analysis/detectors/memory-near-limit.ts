import { z } from 'zod';
import type { PodView } from '../../core/views/pod.ts';
import { defineDetector, type Subject } from '../detector.ts';
import { formatBytes } from '../explain/bytes.ts';
import { findingOfPods, livePods } from '../pod-finding.ts';

const MemoryNearLimitParams = z.strictObject({
  /** Share of the limit that counts, percent. */
  percent: z.number().positive().max(100).default(90),
  /** It must have been so for this long: caches fill and empty. */
  forSeconds: z.number().nonnegative().default(180),
});
type MemoryNearLimitParams = z.infer<typeof MemoryNearLimitParams>;

const titles = { 'memory-near-limit': 'memory is near its limit' } as const;

/** Containers that will be killed soon if they go on like this. */
export const memoryNearLimit = defineDetector({
  id: 'memory-near-limit',
  judges: 'pods',
  kinds: titles,
  params: MemoryNearLimitParams,
  evaluate(subject, params) {
    const near = livePods(subject).flatMap((pod) => findNear(pod, subject, params));
    if (near.length === 0) return { findings: [] };
    const finding = findingOfPods(subject, {
      detector: 'memory-near-limit',
      kind: 'memory-near-limit',
      title: titles['memory-near-limit'],
      severity: 'warning',
      cause: [...new Set(near.map(({ sentence }) => sentence))].slice(0, 3),
      since: Math.min(...near.map(({ since }) => since)),
      affected: [...new Set(near.map(({ pod }) => pod))],
    });
    return { findings: [finding] };
  },
});

interface Near {
  readonly pod: PodView;
  readonly since: number;
  readonly sentence: string;
}

function findNear(pod: PodView, { view, now }: Subject, { percent, forSeconds }: MemoryNearLimitParams): Near[] {
  const usage = view.find('usage', pod.namespace, pod.name);
  if (usage === undefined) return [];
  const { everyMs } = usage;
  const needed = Math.ceil((forSeconds * 1000) / everyMs) + 1;
  return pod.containers.flatMap(({ name, memoryLimit = Infinity }) => {
    const memory = usage.containers.find((one) => one.name === name)?.memory ?? [];
    const [newest = 0] = memory;
    const below = memory.findIndex((bytes) => bytes * 100 < percent * memoryLimit);
    const lasting = below === -1 ? memory.length : below;
    if (lasting < needed) return [];
    const share = Math.round((newest / memoryLimit) * 100);
    const sentence = `Container ${name} takes ${formatBytes(newest)} of its limit of ${formatBytes(memoryLimit)} (${share} %)${describeGrowth(memory, memoryLimit, everyMs)}`;
    return [{ pod, since: now - (lasting - 1) * everyMs, sentence }];
  });
}

/** In how long the limit is reached if it grows on as it did between the oldest sample and the newest. */
function describeGrowth(memory: readonly number[], limit: number, everyMs: number): string {
  const [newest = 0] = memory;
  const grown = newest - (memory.at(-1) ?? newest);
  const minutes = ((memory.length - 1) * everyMs) / 60_000;
  if (grown <= limit / 100) return ' and does not grow.';
  const left = Math.max(1, Math.round(((limit - newest) / grown) * minutes));
  return `; it grew by ${formatBytes(grown)} in ${Math.round(minutes)} min, so it is killed in about ${left} min.`;
}
