import { afterAll, beforeAll, expect, it } from 'vitest';
import { expandVolume } from '../../src/ops/actions/expand-volume.ts';
import { askAndApprove } from '../support/approved.ts';
import { useNamespace } from '../support/kubernetes/own-namespace.ts';
import { bindClaim, createStorage, type Storage } from '../support/kubernetes/storage.ts';
import { carryOut, openRealWorld } from '../support/real-ops.ts';

const { http, namespace } = await useNamespace('volumes');
let storage: Storage;

beforeAll(async () => {
  storage = await createStorage(http, namespace);
});

afterAll(async () => {
  await storage.remove();
});

it('a claim is expanded once, and proven when its storage has grown the volume', async () => {
  const target = await bindClaim(http, storage, 'data');
  const world = openRealWorld(http);
  const id = await askAndApprove(world, { id: 'expand-volume', target, params: { size: '+50%' } });
  const execution = await carryOut(id, world, () => storage.grow(target));
  expect(execution).toMatchObject({ phase: 'proven' });
  expect(await world.ops.objects.read(target)).toMatchObject({
    spec: { resources: { requests: { storage: '15Gi' } } },
    status: { capacity: { storage: '15Gi' } },
  });
  const smaller = expandVolume.bind({ target: { ...target }, size: '12Gi' }).plan(world.ops);
  expect(await smaller).toEqual({ refused: expect.stringContaining('a claim cannot shrink') });
});

it('a claim whose storage does nothing is not called a success, and stays as asked for', async () => {
  const target = await bindClaim(http, storage, 'stuck');
  const world = openRealWorld(http, 1_000);
  const id = await askAndApprove(world, { id: 'expand-volume', target, params: { size: '20Gi' } });
  expect(await carryOut(id, world)).toMatchObject({
    phase: 'unproven',
    outcome: expect.stringContaining('Kubernetes lets no claim shrink'),
  });
});
