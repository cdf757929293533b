import { expect, it, onTestFinished } from 'vitest';
import { openStage } from '../../demo/stage.ts';
import { playAbsence, truthOf } from '../support/absence.ts';

it('Slack tells the truth after Lifeguard was killed for two minutes while faults started and ended', async () => {
  const stage = await openStage(process.env['KUBECONFIG'] ?? '');
  const namespace = `lifeguard-absence-${process.pid}`;
  onTestFinished(async () => {
    await stage.deleteNamespace(namespace);
    await stage.close();
  });
  const told = await playAbsence({ stage, namespace, forMs: 120_000, alertEnd: 'asked' });
  expect(told).toEqual(truthOf(namespace));
});
