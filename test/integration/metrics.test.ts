import { expect, it } from 'vitest';
import { startLifeguard } from '../support/lifeguard.ts';
import { crash, manifest, openShop, rootWith } from '../support/shop-scenario.ts';

it('/metrics has a zero to compare with for what must not happen, and how long people waited', async () => {
  const { cluster, kubeconfig } = await openShop();
  const { port, slack } = await startLifeguard({ kubeconfig });
  const read = async (): Promise<string> => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const before = await read();
  for (const queue of ['executions', 'deliveries', 'sweeps'])
    expect(before).toContain(`lifeguard_jobs_dropped_total{queue="${queue}"} 0`);
  cluster.apply(manifest({ env: crash }));
  await rootWith(slack, 'shop/app: crash loop');
  await expect.poll(read).toContain('lifeguard_delivery_seconds_count 1');
});
