import { expect, it } from 'vitest';
import { LifeguardError } from '../../../src/core/errors.ts';
import type { People } from '../../../src/core/ports/people.ts';
import { commands } from '../../../src/handlers/commands.ts';
import { escapeText } from '../../../src/notifications/blocks/mrkdwn.ts';
import { crashLoopOf, createDeskWorld, openDesk } from '../../support/desk.ts';

const everybodyIsAdmin: People = {
  describe: async () => ({ id: 'U_CHI', kind: 'member', teamIds: ['T0LOCAL'], groups: [] }),
};
const visitor = { userId: 'U_CHI', teamId: 'T0LOCAL' };

async function ask(world: ReturnType<typeof createDeskWorld>, text: string): Promise<string> {
  const { message } = await openDesk(world, everybodyIsAdmin).command({ visitor, text });
  return JSON.stringify(message);
}

it('a cluster that cannot be reached is one sentence, and leaves nothing behind', async () => {
  const world = createDeskWorld();
  world.workloads.breakWith(
    new LifeguardError('The Kubernetes API cannot be reached.', { code: 'cluster-unreachable', retry: 'transient' }),
  );
  expect(await ask(world, 'restart shop/checkout')).toContain('The Kubernetes API cannot be reached.');
  expect(await world.registry.open()).toEqual([]);
});

it('a mistake of our own says nothing of the inside', async () => {
  const world = createDeskWorld();
  world.context.ops.observer.find = () => Promise.reject(new TypeError('undefined is not a secret_token=abc'));
  const answer = await ask(world, 'why checkout');
  expect(answer).toContain('Something failed inside Lifeguard');
  expect(answer).not.toContain('secret_token');
});

it('an action that is refused only at the last moment leaves no open thread', async () => {
  const world = createDeskWorld();
  const request = world.registry.request.bind(world.registry);
  world.registry.request = async (subject, text) => {
    await world.controls.setKillSwitch({ engaged: true, by: 'U_CHI', at: 1, reason: 'just now' });
    return request(subject, text);
  };
  expect(await ask(world, 'restart shop/checkout')).toContain('just now');
  expect(await world.registry.open()).toEqual([]);
});

it('an action on a workload in trouble is told in the thread of that incident', async () => {
  const world = createDeskWorld();
  const incident = await world.registry.observe(crashLoopOf(world.checkout));
  expect(await ask(world, 'rollback checkout')).toContain(incident.id);
  expect((await world.registry.open()).map((one) => one.id)).toEqual([incident.id]);
});

it('what somebody types comes back inert', async () => {
  const answer = await ask(createDeskWorld(), '<!channel>`*x* "why <@U_ANA>"');
  expect(answer).not.toContain('<!channel>');
  expect(answer).not.toContain('<@U_ANA>');
});

it('a kill switch that cannot be read stops actions', async () => {
  const world = createDeskWorld();
  world.controls.lose();
  expect(await ask(world, 'restart shop/checkout')).toContain('counts as engaged');
  expect(await ask(world, 'guardrails shop/checkout')).toContain('counts as engaged');
  expect(world.executed).toEqual([]);
});

it('the help names every command, the last as well as the first', async () => {
  const answer = await ask(createDeskWorld(), 'help');
  expect(
    commands.filter(({ id, usage }) => !answer.includes(`\`/kube ${escapeText(`${id} ${usage}`.trim())}\``)),
  ).toEqual([]);
});

it('what was asked for is said without the markup of a mention, and by whom beside it', async () => {
  const world = createDeskWorld();
  await ask(world, 'restart shop/checkout');
  const [incident] = await world.registry.open();
  const [proposal] = await world.context.ops.proposals.many(incident?.proposalIds ?? []);
  expect(`${incident?.cause} ${proposal?.reason}`).not.toContain('<@');
  expect(proposal?.origin).toMatchObject({ surface: 'slash', user: 'U_CHI' });
});

it('why says once what the release changed, and the former steps are one line each', async () => {
  const world = createDeskWorld();
  const changes = ['image of app: shop:1 -> shop:2'];
  const cause = `It crashes.\nIt began right after revision 2 replaced revision 1: ${changes.join()}.`;
  const release = { fromRevision: 1, toRevision: 2, at: 1, changes };
  const finding = { ...crashLoopOf(world.checkout), cause, release };
  await world.registry.observe(finding);
  const ops = { ...world.context.ops, detect: () => [finding] };
  const answer = await ask({ ...world, context: { ...world.context, ops } }, 'why checkout');
  expect(answer).not.toContain('Revision 2 changed');
  expect(answer).toContain('It crashes. It began right after revision 2');
});
