import { expect, it } from 'vitest';
import type { People } from '../../../src/core/ports/people.ts';
import { aPlan, aProposal, aProvenExecution } from '../../support/builders.ts';
import { createDeskWorld, openDesk } from '../../support/desk.ts';
import { createSteppedClock } from '../../support/fakes/clock.ts';
import { shownText } from '../../support/shown.ts';
import { now } from '../../support/views.ts';

const approver = (id: string): People => ({
  describe: async () => ({ id, kind: 'member', teamIds: ['T0LOCAL'], groups: ['S_ONCALL'] }),
});

function openWorld(approval: { byRequester: boolean; twoPersons: { namespaces: string[]; risks: [] } }) {
  const clock = createSteppedClock(now);
  const world = createDeskWorld({ clock, policy: { approval } });
  /** What one part of somebody's home tab says. */
  async function part(title: string, userId: string): Promise<string> {
    const home = await openDesk(world, approver(userId)).home({ userId, teamId: 'T0LOCAL' });
    const blocks = home.blocks.map((block) => shownText({ text: '', blocks: [block] }));
    const at = blocks.indexOf(title);
    return at === -1 ? '' : (blocks[at + 1] ?? '');
  }
  return { ...world, clock, part };
}

it('leaves out of what waits for somebody what is not theirs to decide', async () => {
  const { part, ops, clock } = openWorld({ byRequester: false, twoPersons: { namespaces: ['pay'], risks: [] } });
  const [mine, twice] = [aPlan({ summary: 'Scale shop/cart.' }), aPlan({ summary: 'Scale pay/till.' })];
  const target = { ...twice.target, namespace: 'pay' };
  await ops.proposals.create(aProposal({ id: 'p1', plan: mine, origin: { surface: 'slash', user: 'U_ANA' } }));
  await ops.proposals.create(aProposal({ id: 'p2', plan: { ...twice, target } }));
  expect(await part('Waiting for you', 'U_ANA')).toMatch(/^• Scale pay\/till\. until <!date/);
  expect(await part('Waiting for you', 'U_DEE')).toMatch(/Scale pay\/till.*\n.*Scale shop\/cart/);
  await ops.proposals.update('p2', (current) => ({ ...current, firstApproval: { by: 'U_ANA', at: now } }));
  expect(await part('Waiting for you', 'U_ANA')).toBe('');
  expect(await part('Waiting for you', 'U_DEE')).toContain('Scale pay/till.');
  clock.advance(24 * 3_600_000);
  expect(await part('Waiting for you', 'U_DEE')).toBe('');
});

it('tells what Lifeguard did by itself apart from what people had approved', async () => {
  const { part, ops } = openWorld({ byRequester: true, twoPersons: { namespaces: [], risks: [] } });
  for (const [id, by] of [
    ['p1', 'lifeguard'],
    ['p2', 'U_ANA'],
  ] as const) {
    await ops.proposals.create(aProposal({ id, state: 'executed', decision: { by, at: now } }));
    await ops.executions.create(aProvenExecution({ id, plan: aPlan({ summary: `Restart for ${by}.` }) }));
  }
  expect(await part('Last automatic actions', 'U_ANA')).toMatch(/^• Restart for lifeguard\. .*: proven, \d+ s ago$/);
  expect(await part('Done lately after approval', 'U_ANA')).toMatch(/^• Restart for U_ANA\. .*: proven, \d+ s ago$/);
});
