import { describe, expect, it } from 'vitest';
import type { SimulatedCluster } from '../../demo/cluster/simulated-cluster.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { crash, manifest, play, releaseWell, rootsOf, rootWith, type Scene } from '../support/shop-scenario.ts';

/** Everything counts soon, so that a proof takes seconds. */
const detectors = `{
  rollout-stuck: { graceSeconds: 1, forSeconds: 2 },
}`;

interface Slow {
  readonly kind?: 'Deployment' | 'StatefulSet';
  /** How long its pods take to become ready; only a probe notices. */
  readonly seconds: string;
  readonly more?: JsonObject;
}

/** The next release of `shop/app`, which takes its time. */
function slowRelease({ kind = 'Deployment', seconds, more = {} }: Slow): JsonObject {
  const labels = { app: 'app' };
  const probe = { httpGet: { path: '/', port: 80 } };
  const env = [{ name: 'START_DELAY_S', value: seconds }];
  const template = {
    metadata: { labels },
    spec: { containers: [{ name: 'app', image: 'app:2', env, readinessProbe: probe }] },
  };
  const spec = { replicas: 1, selector: { matchLabels: labels }, template, ...more };
  return { apiVersion: 'apps/v1', kind, metadata: { name: 'app', namespace: 'shop' }, spec };
}

async function expectOnlyMarker({ cluster, slack }: Scene): Promise<void> {
  mark(cluster);
  await rootWith(slack, 'shop/marker: crash loop');
  expect(rootsOf(slack)).toHaveLength(1);
}

/** A crash that is told: everything before it has been looked at by then. */
function mark(cluster: SimulatedCluster): void {
  cluster.apply(manifest({ name: 'marker', env: crash }));
}

describe('a rollout', () => {
  it('past its deadline becomes one thread, with the way back', async () => {
    const scene = await play({ detectors });
    await releaseWell(scene);
    scene.cluster.apply(slowRelease({ seconds: '600', more: { progressDeadlineSeconds: 1 } }));
    await rootWith(scene.slack, 'shop/app: rollout does not go on', 'Revision 2 made no progress', 'op:approve');
    expect(rootsOf(scene.slack)).toHaveLength(1);
  });

  it('that stands at an ordinal becomes one thread', async () => {
    const scene = await play({ detectors });
    scene.cluster.apply(slowRelease({ kind: 'StatefulSet', seconds: '600', more: { replicas: 3 } }));
    await rootWith(scene.slack, 'shop/app: rollout does not go on', 'Ordinal 0', '2 pods behind it wait');
    expect(rootsOf(scene.slack)).toHaveLength(1);
  });

  it('that takes its time becomes none', async () => {
    const scene = await play({ detectors });
    await releaseWell(scene);
    scene.cluster.apply(slowRelease({ seconds: '2', more: { progressDeadlineSeconds: 60 } }));
    await expectOnlyMarker(scene);
  });
});
