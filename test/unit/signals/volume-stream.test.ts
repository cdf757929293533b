import { expect, it } from 'vitest';
import { LifeguardError } from '../../../src/core/errors.ts';
import type { Sample } from '../../../src/core/ports/metrics.ts';
import type { Signal } from '../../../src/core/signal.ts';
import { createClusterView } from '../../../src/signals/cluster-view.ts';
import { watchVolumes } from '../../../src/signals/volume-stream.ts';
import { createSteppedClock } from '../../support/fakes/clock.ts';
import { now } from '../../support/views.ts';

const labels = { namespace: 'shop', persistentvolumeclaim: 'data', node: 'node-1' };

async function turn(): Promise<void> {
  for (let step = 0; step < 30; step += 1) await Promise.resolve();
}

it('asks every minute how full volumes are, and keeps what it knew where there is no answer', async () => {
  const clock = createSteppedClock(now);
  const view = createClusterView();
  const emit = (signal: Signal): void => void view.apply(signal);
  const answers: Record<string, readonly Sample[]> = {
    kubelet_volume_stats_capacity_bytes: [
      { labels, value: 100 },
      { labels: { namespace: 'shop' }, value: 7 },
    ],
    kubelet_volume_stats_available_bytes: [{ labels, value: 10 }],
    'deriv(kubelet_volume_stats_available_bytes[6h])': [{ labels, value: -2 }],
    kubelet_volume_stats_inodes: [{ labels, value: 0 }],
    kubelet_volume_stats_inodes_free: [{ labels, value: 0 }],
  };
  let away = false;
  const query = async (promql: string): Promise<readonly Sample[]> => {
    if (away) throw new LifeguardError('away', { code: 'metrics-unreachable', retry: 'transient' });
    return answers[promql] ?? [];
  };
  const troubles: (string | undefined)[] = [];
  const onTrouble = (problem: string | undefined): void => void troubles.push(problem);
  watchVolumes({ metrics: { query }, clock, emit, signal: new AbortController().signal, onTrouble });
  await turn();
  const known = { bytes: { capacity: 100, available: 10, shrinking: 2 } };
  expect(view.find('volumeUsage', 'shop', 'data')).toMatchObject(known);
  expect(view.find('volumeUsage', 'shop', 'data')?.inodes).toBeUndefined();
  away = true;
  clock.advance(60_000);
  await turn();
  expect(view.find('volumeUsage', 'shop', 'data')).toMatchObject(known);
  away = false;
  answers['kubelet_volume_stats_available_bytes'] = [{ labels, value: 90 }];
  clock.advance(60_000);
  await turn();
  expect(view.find('volumeUsage', 'shop', 'data')?.bytes.available).toBe(90);
  expect(troubles).toEqual([undefined, 'away', undefined]);
});
