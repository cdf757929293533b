import { expect, it, onTestFinished } from 'vitest';
import { openStage } from '../../demo/stage.ts';
import { playAbsence, truthOf } from '../support/absence.ts';
import { openShop } from '../support/shop-scenario.ts';

it('Slack tells the truth after Lifeguard was killed while faults started and ended', async () => {
  const stage = await openStage((await openShop()).kubeconfig);
  onTestFinished(() => stage.close());
  const told = await playAbsence({ stage, namespace: 'absence', forMs: 10_000, alertEnd: 'sent' });
  expect(told).toEqual(truthOf('absence'));
});
