import { describe, expect, it } from 'vitest';
import { startLifeguard } from '../support/lifeguard.ts';
import { crash, manifest, openShop, rootsOf, rootWith, type Scene } from '../support/shop-scenario.ts';
import { calmPlays } from './cases/calm-plays.ts';
import { type CalmPlay, type FaultPlay, quick } from './cases/play.ts';
import { faultPlays } from './cases/plays.ts';

async function open({ set, options = {}, agedMs = 0, after }: CalmPlay | FaultPlay): Promise<Scene> {
  const shop = await openShop({ agedMs });
  const more = await set(shop);
  const { kubeconfig } = shop;
  const running = await startLifeguard({ kubeconfig, detectors: quick, ...options, ...(isOptions(more) ? more : {}) });
  const scene = { ...shop, ...running };
  await after?.(scene);
  return scene;
}

function isOptions(value: unknown): value is { readonly redisUrl?: string; readonly prometheus?: string } {
  return typeof value === 'object' && value !== null && ('redisUrl' in value || 'prometheus' in value);
}

describe('one thread about', () => {
  it.each(faultPlays)('$what ($expects)', async (play) => {
    const { slack } = await open(play);
    await rootWith(slack, ...play.says);
    expect(rootsOf(slack).map(({ text }) => text)).toHaveLength(1);
  });
});

describe('no thread about', () => {
  it.each(calmPlays)('$what ($spares)', async (play) => {
    const { cluster, slack } = await open(play);
    // A crash that is told: everything before it has been looked at by then.
    cluster.apply(manifest({ name: 'marker', env: crash }));
    await rootWith(slack, 'shop/marker: crash loop');
    expect(rootsOf(slack).map(({ text }) => text)).toHaveLength(1);
  });
});
