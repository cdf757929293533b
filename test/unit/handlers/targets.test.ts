import { expect, it } from 'vitest';
import type { People } from '../../../src/core/ports/people.ts';
import { createDeskWorld, openDesk } from '../../support/desk.ts';

const people: People = {
  describe: async (id) => ({ id, kind: 'member', teamIds: ['T0LOCAL'], groups: [] }),
};

it('an object of an action on several kinds is named by its kind where its name is not enough', async () => {
  const world = createDeskWorld();
  const held = { finalizers: ['x'], deletion: { since: 1, finalizers: ['x'] } };
  for (const kind of ['ConfigMap', 'Service']) world.objects.put({ kind, namespace: 'shop', name: 'left' }, held);
  const visitor = { userId: 'U_BEN', teamId: 'T0LOCAL' };
  const ask = async (text: string) => (await openDesk(world, people).command({ visitor, text })).message.text;
  expect(await ask('remove-finalizer shop/left x')).toContain('`configmap/shop/left`, `service/shop/left`');
  expect(await ask('remove-finalizer secret/shop/left x')).toContain('There is no');
  expect(await world.ops.proposals.recent(5)).toEqual([]);
  await ask('remove-finalizer service/shop/left x');
  expect((await world.ops.proposals.recent(5)).map(({ plan }) => plan.summary)).toEqual([
    'Remove the finalizer x from Service shop/left.',
  ]);
});

it('a Secret is named in full, and found by nobody', async () => {
  const world = createDeskWorld();
  const visitor = { userId: 'U_BEN', teamId: 'T0LOCAL' };
  const ask = async (text: string) => (await openDesk(world, people).command({ visitor, text })).message.text;
  expect(await ask('restart-consumers token')).toContain('There is no ConfigMap or Secret');
  expect(await ask('restart-consumers secret/shop/token')).toContain('from Secret shop/token; nothing to restart');
});
