import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Alertmanager } from '../../src/core/ports/alertmanager.ts';
import { advanceExecution } from '../../src/ops/execute.ts';
import type { HttpClient } from '../../src/platform/kubernetes/http-client.ts';
import { randomIdentifiers } from '../../src/platform/system/identifiers.ts';
import { raiseAlert } from '../support/alert-stage.ts';
import { askAndApprove } from '../support/approved.ts';
import { requireCluster } from '../support/kubernetes/real-cluster.ts';
import { carryOut, openRealWorld } from '../support/real-ops.ts';

let http: HttpClient;

beforeAll(async () => {
  http = await requireCluster();
});

afterAll(() => http.close());

async function openAlert(name: string) {
  const world = openRealWorld(http);
  const raised = await raiseAlert(world, `lifeguard-${name}-${process.pid}`);
  // Marks stay in Alertmanager for days.
  const ops = { ...world.ops, ...raised.reach, identifiers: randomIdentifiers };
  return { ...raised, world: { ...world, ops } };
}

it('an alert is silenced in a real Alertmanager, which is proven there, and lifted again', async () => {
  const { world, target, silencedBy } = await openAlert('silence');
  const params = { duration: '5m', reason: 'an end-to-end test' };
  const id = await askAndApprove(world, { id: 'silence-alerts', target, params });
  expect(await silencedBy()).toEqual([]);
  expect(await carryOut(id, world)).toMatchObject({ phase: 'proven' });
  const incident = await world.ops.incidents.get(target.name);
  expect(incident?.silences).toMatchObject([{ name: 'LifeguardTest' }]);
  expect(await silencedBy()).toEqual(incident?.silences.map((silence) => silence.id));

  const lift = await askAndApprove(world, { id: 'lift-silences', target });
  expect(await carryOut(lift, world)).toMatchObject({ phase: 'proven' });
  expect(await silencedBy()).toEqual([]);
  expect((await world.ops.incidents.get(target.name))?.silences).toEqual([]);
});

it('one whose worker dies right after the write is set once', async () => {
  const { world, target, silencedBy } = await openAlert('dies');
  const { alertmanager } = world.ops;
  if (alertmanager === undefined) throw new Error('no Alertmanager');
  const id = await askAndApprove(world, { id: 'silence-alerts', target, params: { duration: '5m' } });
  const dying: Alertmanager = {
    ...alertmanager,
    async silence(request) {
      await alertmanager.silence(request);
      throw new Error('the worker died');
    },
  };
  const doomed = { ...world, ops: { ...world.ops, alertmanager: dying } };
  await expect(carryOut(id, doomed)).rejects.toThrow('the worker died');
  await expect.poll(silencedBy).toHaveLength(1);
  expect((await world.ops.incidents.get(target.name))?.silences).toEqual([]);
  expect(await carryOut(id, world)).toMatchObject({ phase: 'proven' });
  const silences = (await world.ops.incidents.get(target.name))?.silences;
  expect(await silencedBy()).toEqual(silences?.map((silence) => silence.id));
  await carryOut(await askAndApprove(world, { id: 'lift-silences', target }), world);
});

it('one that somebody ends while it is being verified has not held', async () => {
  const { world, target } = await openAlert('ended');
  const id = await askAndApprove(world, { id: 'silence-alerts', target, params: { duration: '5m' } });
  await advanceExecution(id, world.ops);
  await advanceExecution(id, world.ops);
  expect((await world.ops.executions.get(id))?.phase).toBe('verifying');
  const [silence] = (await world.ops.incidents.get(target.name))?.silences ?? [];
  await world.ops.alertmanager?.lift(silence?.id ?? '');
  expect(await carryOut(id, world)).toMatchObject({ phase: 'undone', verification: { verdict: 'unchanged' } });
  expect((await world.ops.incidents.get(target.name))?.silences).toEqual([]);
});
