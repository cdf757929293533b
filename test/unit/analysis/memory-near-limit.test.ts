import { describe, expect, it } from 'vitest';
import { memoryNearLimit } from '../../../src/analysis/detectors/memory-near-limit.ts';
import type { Signal } from '../../../src/core/signal.ts';
import { createClusterView } from '../../../src/signals/cluster-view.ts';
import { watchUsage } from '../../../src/signals/usage-stream.ts';
import { createSteppedClock } from '../../support/fakes/clock.ts';
import { aContainer, aPod, checkout, now, viewOf } from '../../support/views.ts';

const MiB = 2 ** 20;
const detector = memoryNearLimit.configure({});
const pod = aPod({ containers: [aContainer({ memoryLimit: 100 * MiB })] });
const container = pod.containers[0]?.name ?? '';

/** Samples in MiB, the newest first, 30 s apart. */
function judge(samples: readonly number[], of = pod) {
  const memory = samples.map((mebibytes) => mebibytes * MiB);
  const usage = [
    {
      uid: 'u',
      namespace: of.namespace,
      name: of.name,
      createdAt: 0,
      everyMs: 30_000,
      containers: [{ name: container, memory }],
    },
  ];
  return detector.evaluate({ subject: checkout, view: viewOf({ pod: [of], usage }), now }).findings;
}

const high = [95, 95, 94, 94, 93, 92, 91];

describe('memory near its limit', () => {
  it('is said after three minutes, with the time that is left', () => {
    expect(judge([98, 97, 96, 95, 94, 93, 92, 60])).toEqual([
      expect.objectContaining({
        kind: 'memory-near-limit',
        severity: 'warning',
        since: now - 180_000,
        cause: expect.stringContaining(
          '98 MiB of its limit of 100 MiB (98 %); it grew by 38 MiB in 4 min, so it is killed in about 1 min.',
        ),
      }),
    ]);
    expect(judge([95, 95, 95, 95, 95, 95, 95])[0]?.cause).toContain('does not grow');
  });

  it.each([
    ['for a moment', [95, 95, 95, 80, 95, 95, 95]],
    ['too little known', [95, 95]],
    ['far from it', [50, 50, 50, 50, 50, 50, 50]],
  ])('is not said %s', (_name, samples) => {
    expect(judge(samples)).toEqual([]);
  });

  it('is not said of containers without a limit', () => {
    expect(judge(high, aPod({ containers: [aContainer({})] }))).toEqual([]);
  });
});

describe('what metrics-server says', () => {
  it('is read every half minute, and remembered', async () => {
    const clock = createSteppedClock(now);
    const view = createClusterView();
    const emit = (signal: Signal): void => void view.apply(signal);
    let memory = 10;
    const reader = {
      list: async () => [
        {
          metadata: { namespace: 'shop', name: 'web-1' },
          containers: [{ name: 'app', usage: { memory: `${memory}Mi`, cpu: '1m' } }],
        },
      ],
    };
    watchUsage({ reader, clock, emit, signal: new AbortController().signal, onTrouble: () => undefined });
    for (let sample = 0; sample < 3; sample += 1) {
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
      memory += 10;
      clock.advance(30_000);
    }
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    expect(view.find('usage', 'shop', 'web-1')?.containers).toEqual([
      { name: 'app', memory: [40, 30, 20, 10].map((one) => one * MiB) },
    ]);
  });
});
