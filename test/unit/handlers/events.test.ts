import { expect, it } from 'vitest';
import type { EventRecord } from '../../../src/core/event-record.ts';
import type { People } from '../../../src/core/ports/people.ts';
import { crashLoopOf, createDeskWorld, openDesk } from '../../support/desk.ts';
import { createSteppedClock } from '../../support/fakes/clock.ts';
import { shownText } from '../../support/shown.ts';

const viewer: People = { describe: async () => ({ id: 'U_NEW', kind: 'member', teamIds: ['T0LOCAL'], groups: [] }) };
const start = 1_800_000_000_000;
const minute = 60_000;

function record(overrides: Partial<EventRecord>): EventRecord {
  const owner = { kind: 'Deployment', name: 'checkout' };
  return {
    id: JSON.stringify(overrides),
    at: start - minute,
    namespace: 'shop',
    kind: 'Pod',
    name: 'checkout-1',
    owner,
    node: 'node-1',
    type: 'Warning',
    reason: 'BackOff',
    note: 'Back-off restarting <!channel>',
    times: 1,
    ...overrides,
  };
}

async function openWorld() {
  const world = createDeskWorld({ clock: createSteppedClock(start) });
  await world.events.append([
    record({ times: 4 }),
    record({ at: start - 5 * minute, times: 2 }),
    record({ type: 'Normal', reason: 'Pulled', note: 'Pulled image', at: start - 2 * minute }),
    record({
      kind: 'Node',
      name: 'node-1',
      namespace: '',
      owner: { kind: 'Node', name: 'node-1' },
      reason: 'NodeNotReady',
      type: 'Normal',
    }),
    record({ namespace: 'other', name: 'web-1', owner: { kind: 'Deployment', name: 'web' }, node: 'node-2' }),
    record({ at: start - 90 * minute, reason: 'Old' }),
  ]);
  async function ask(text: string, place?: { channel: string; ts: string; thread: string }): Promise<string> {
    const desk = openDesk(world, viewer);
    const visitor = { userId: 'U_NEW', teamId: 'T0LOCAL' };
    const { message } = await desk.command({ visitor, text, ...(place === undefined ? {} : { place }) });
    return message.blocks.length === 0 ? message.text : shownText(message);
  }
  return { ...world, ask };
}

it('shows what was said about a workload, alike together, warnings first', async () => {
  const { ask } = await openWorld();
  const answer = await ask('events shop/checkout');
  expect(answer).toContain(
    'WARNING *BackOff* Pod shop/checkout-1 (6x, last 60 s ago, first 5 min ago): Back-off restarting &lt;!channel&gt;',
  );
  expect(answer.indexOf('BackOff')).toBeLessThan(answer.indexOf('Pulled'));
  expect(answer).not.toContain('web-1');
  expect(answer).not.toContain('Old');
});

it('looks back as far as is asked, at nodes, namespaces and pods alike', async () => {
  const { ask } = await openWorld();
  expect(await ask('events checkout --since 2h')).toContain('Old');
  expect(await ask('events --since 2h deployment/shop/checkout')).toContain('Old');
  expect(await ask('events node-1')).toContain('NodeNotReady');
  expect(await ask('events other')).toContain('web-1');
  expect(await ask('events checkout-1')).toContain('BackOff');
  expect(await ask('events nothing-like-that')).toContain(
    'Nothing is kept about nothing-like-that from the last 60 min',
  );
});

it('says what it did not understand', async () => {
  const { ask } = await openWorld();
  expect(await ask('events')).toContain('events <workload|node|namespace>');
  expect(await ask('events checkout --since soon')).toContain('Since when?');
  expect(await ask('events checkout --since')).toContain('Since when?');
  expect(await ask('events checkout web')).toContain('Only one name');
});

it('in a thread is about the incident', async () => {
  const world = await openWorld();
  const incident = await world.registry.observe(crashLoopOf(world.checkout));
  const entries = { root: { ts: '1.000001', digest: 'x' } };
  await world.deliveries.write(incident.id, { channel: 'C_OPS', version: 1, entries });
  const answer = await world.ask('events', { channel: 'C_OPS', ts: '1.000009', thread: '1.000001' });
  expect(answer).toContain('about shop/checkout');
});
