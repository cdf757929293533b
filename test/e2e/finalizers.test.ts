import { expect, it } from 'vitest';
import { removeFinalizer } from '../../src/ops/actions/remove-finalizer.ts';
import { askAndApprove } from '../support/approved.ts';
import { useNamespace } from '../support/kubernetes/own-namespace.ts';
import { carryOut, openRealWorld, type RealWorld } from '../support/real-ops.ts';

const { http, namespace } = await useNamespace('finalizers');
const finalizer = 'lifeguard.dev/test';

/** The same hands an hour later, as the deletion has just been asked for. */
function anHourLater(world: RealWorld): RealWorld {
  const { clock } = world.ops;
  return { ...world, ops: { ...world.ops, clock: { ...clock, now: () => clock.now() + 3_600_000 } } };
}

it('an object that was deleted long ago and is held is let go of, once, and not before its time', async () => {
  const world = openRealWorld(http);
  const { objects } = world.ops;
  const body = { metadata: { name: 'left', finalizers: [finalizer] }, data: { key: 'value' } };
  const { ref } = await objects.create({ kind: 'ConfigMap', namespace, body, dryRun: false });
  await objects.remove({ ref, dryRun: true });
  expect(await objects.read(ref)).toMatchObject({ deletion: undefined });
  await objects.remove({ ref, dryRun: false });
  expect(await objects.read(ref)).toMatchObject({ finalizers: [finalizer], deletion: expect.anything() });
  const early = removeFinalizer.bind({ target: { ...ref }, finalizer }).plan(world.ops);
  expect(await early).toEqual({ refused: expect.stringContaining('get 10 min first') });
  const later = anHourLater(world);
  const id = await askAndApprove(later, { id: 'remove-finalizer', target: ref, params: { finalizer } });
  expect(await objects.read(ref)).toMatchObject({ finalizers: [finalizer] });
  expect(await carryOut(id, later)).toMatchObject({ phase: 'proven' });
  expect(await objects.read(ref)).toBeUndefined();
});
