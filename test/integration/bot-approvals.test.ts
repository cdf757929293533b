import { beforeEach, describe, expect, it } from 'vitest';
import { submit } from '../../src/ops/submit.ts';
import { openClient } from '../support/bolt-app.ts';
import { crashLoopOf, createDeskWorld, type DeskWorld, openBot, postCard } from '../support/desk.ts';
import { useLocalSlack } from '../support/local-slack.ts';

const otherImage = [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'shop:1.0.2' }] as const;
const slack = useLocalSlack();
let world: DeskWorld;
let now = Date.now();

beforeEach(async () => {
  now = Date.now();
  const schedule = (at: number, callback: () => void) => {
    const timer = setTimeout(callback, Math.max(0, at - now));
    return () => clearTimeout(timer);
  };
  world = createDeskWorld({ clock: { now: () => now, schedule } });
  openBot(slack.current, world);
  await slack.current.waitForConnections(1);
});

/** A proposal that waits for approval, and its card in the channel. */
async function propose() {
  const incident = await world.registry.observe(crashLoopOf(world.checkout));
  const params = { target: { ...world.checkout } };
  const request = { incidentId: incident.id, actionId: 'rollback-workload', params, reason: 'test' };
  const submission = await submit({ ...request, origin: { surface: 'auto' } }, world.ops);
  if ('refused' in submission) throw new Error(submission.refused);
  const ts = await postCard(slack.current, world, submission.proposal);
  return { proposal: submission.proposal, ts };
}

interface Press {
  readonly user: string;
  readonly ts: string;
  readonly button?: string;
}

/** What the person is told after pressing a button. */
async function press({ user, ts, button = 'Approve' }: Press): Promise<string> {
  const seen = slack.current.messages('C_OPS').filter((message) => message.ephemeral_to === user).length;
  const outcome = await slack.current.click({ user, channel: 'C_OPS', ts, buttonText: button });
  expect(outcome.ok).toBe(true);
  const answer = await slack.current.waitFor(
    () => slack.current.messages('C_OPS').filter((message) => message.ephemeral_to === user)[seen],
  );
  return answer.text;
}

async function stateOf(id: string) {
  return (await world.ops.proposals.get(id))?.state;
}

describe('approving', () => {
  it('an approver approves once; the execution is asked for, and the audit knows who', async () => {
    const { proposal, ts } = await propose();
    expect(await press({ user: 'U_ANA', ts })).toContain('Approved: Roll back Deployment shop/checkout');
    expect(world.executed).toEqual([proposal.id]);
    expect(await world.ops.proposals.get(proposal.id)).toMatchObject({ state: 'approved', decision: { by: 'U_ANA' } });
    expect(world.audit).toContainEqual(expect.objectContaining({ what: 'approved', who: 'U_ANA' }));
  });

  it('is answered with how it does now, and what exactly is written', async () => {
    const { ts } = await propose();
    world.workloads.setCounts(world.checkout, { ready: 1 });
    const told = await press({ user: 'U_ANA', ts });
    expect(told).toContain('Now: 1 of 3 pods ready, revision 2.');
    expect(told).toMatch(/- image: shop:1\.0\.1[^]*\+ {4}- image: shop:1\.0\.0/);
  });

  it('does not count for what has changed since it was shown; a new card follows', async () => {
    const { proposal, ts } = await propose();
    world.workloads.interfere(world.checkout, otherImage);
    const told = await press({ user: 'U_ANA', ts });
    expect(told).toMatch(
      /^Not approved: It has changed since this was shown, so nothing was done\. A new card follows/,
    );
    expect(world.executed).toEqual([]);
    const old = await world.ops.proposals.get(proposal.id);
    expect(old?.state).toBe('expired');
    expect((await world.ops.proposals.get(old?.supersededBy ?? ''))?.plan.diff).toContain('shop:1.0.2');
  });

  it('is refused with the reason while a guardrail speaks against it, and the card stays', async () => {
    const { proposal, ts } = await propose();
    await world.controls.setKillSwitch({ engaged: true, by: 'U_CHI', at: 1, reason: '<!channel> freeze' });
    const told = await press({ user: 'U_ANA', ts });
    expect(told).toContain('Not approved: Lifeguard was paused');
    expect(told).not.toContain('<!channel>');
    expect(await stateOf(proposal.id)).toBe('awaiting-approval');
  });

  it('a second press is told who was first', async () => {
    const { proposal, ts } = await propose();
    await press({ user: 'U_ANA', ts });
    expect(await press({ user: 'U_CHI', ts })).toContain('Already approved by <@U_ANA>');
    expect(await press({ user: 'U_CHI', ts, button: 'Reject' })).toContain('Already approved by <@U_ANA>');
    expect(world.executed).toEqual([proposal.id]);
  });

  it('two people at the same instant: one wins, the other is told', async () => {
    const { proposal, ts } = await propose();
    const told = await Promise.all([press({ user: 'U_ANA', ts }), press({ user: 'U_CHI', ts })]);
    expect(told.filter((text) => text.startsWith('Approved:'))).toHaveLength(1);
    expect(told.filter((text) => text.startsWith('Already approved by'))).toHaveLength(1);
    expect(world.executed).toEqual([proposal.id]);
  });

  it('a double click counts once, and its second half is told so', async () => {
    const { proposal, ts } = await propose();
    const click = { user: 'U_ANA', channel: 'C_OPS', ts, buttonText: 'Approve' };
    await Promise.all([slack.current.click(click), slack.current.click(click)]);
    const told = () => slack.current.messages('C_OPS').flatMap((one) => (one.ephemeral_to === 'U_ANA' ? one.text : []));
    await slack.current.waitFor(() => (told().length === 2 ? true : undefined));
    expect(told().filter((text) => text.startsWith('Approved:'))).toHaveLength(1);
    expect(told().filter((text) => text.startsWith('Already approved by <@U_ANA>'))).toHaveLength(1);
    expect(world.executed).toEqual([proposal.id]);
  });

  it('a rejection ends it', async () => {
    const { proposal, ts } = await propose();
    expect(await press({ user: 'U_ANA', ts, button: 'Reject' })).toContain('Rejected');
    expect(await press({ user: 'U_ANA', ts })).toContain('Already rejected by <@U_ANA>');
    expect(await stateOf(proposal.id)).toBe('rejected');
    expect(world.executed).toEqual([]);
  });

  it('an expired proposal cannot be approved any more', async () => {
    const { proposal, ts } = await propose();
    now += 31 * 60_000;
    expect(await press({ user: 'U_ANA', ts })).toContain('expired');
    expect(await stateOf(proposal.id)).toBe('expired');
    expect(world.executed).toEqual([]);
  });
});

describe('people who may not', () => {
  it.each([
    ['U_BEN', 'needs the approver role'],
    ['U_GUS', 'guests'],
    ['U_EVE', 'another Slack workspace'],
  ])('%s: %s', async (user, words) => {
    const { proposal, ts } = await propose();
    expect(await press({ user, ts })).toContain(words);
    expect(await press({ user, ts, button: 'Reject' })).toContain(words);
    expect(await stateOf(proposal.id)).toBe('awaiting-approval');
    expect(world.executed).toEqual([]);
    expect(world.audit).toContainEqual(
      expect.objectContaining({ what: 'unauthorised', who: user, subject: 'approve' }),
    );
  });

  it('while Slack cannot say who somebody is, nothing is approved', async () => {
    const { proposal, ts } = await propose();
    for (let tries = 0; tries < 3; tries += 1) slack.current.faults.failNext('users.info');
    expect(await press({ user: 'U_ANA', ts })).toContain('cannot be checked now');
    expect(await stateOf(proposal.id)).toBe('awaiting-approval');
    expect(await press({ user: 'U_ANA', ts })).toContain('Approved:');
  });

  it('while the groups cannot be read, a role by group does not hold', async () => {
    const { proposal, ts } = await propose();
    for (let tries = 0; tries < 3; tries += 1) slack.current.faults.failNext('usergroups.users.list');
    expect(await press({ user: 'U_ANA', ts })).toContain('user groups cannot be read');
    expect(await stateOf(proposal.id)).toBe('awaiting-approval');
  });
});

describe('buttons that are not what they seem', () => {
  it.each([
    ['an unknown id', 'zzzzzzzzzzzzzzzz', 'not known'],
    ['the id of another kind', 'inc-12345678', 'older message'],
    ['garbage', '{"approve": true}', 'older message'],
  ])('%s', async (_what, value, words) => {
    const { proposal } = await propose();
    const ts = await postCard(slack.current, world, { id: value, incidentId: proposal.incidentId });
    expect(await press({ user: 'U_ANA', ts })).toContain(words);
    expect(world.executed).toEqual([]);
  });

  it('a proposal on the message of another incident', async () => {
    const { proposal, ts } = await propose();
    const delivery = await world.deliveries.read(proposal.incidentId);
    const forged = await postCard(slack.current, world, { id: proposal.id, incidentId: 'inc-other' });
    expect(delivery?.entries['root']?.ts).toBe(ts);
    expect(await press({ user: 'U_ANA', ts: forged })).toContain('does not belong to this message');
    expect(await stateOf(proposal.id)).toBe('awaiting-approval');
  });

  it('a button nobody knows any more is acknowledged and answered', async () => {
    const posted = await openClient(slack.current).chat.postMessage({
      channel: 'C_OPS',
      text: 'old',
      blocks: [
        {
          type: 'actions',
          elements: [
            { type: 'button', text: { type: 'plain_text', text: 'Snooze' }, action_id: 'v0:snooze', value: 'x' },
          ],
        },
      ],
    });
    expect(await press({ user: 'U_ANA', ts: posted.ts ?? '', button: 'Snooze' })).toContain('older message');
  });
});

it('words never approve', async () => {
  const { proposal, ts } = await propose();
  for (const text of ['yes do it', 'approve', `approve ${proposal.id}`, 'ok']) {
    const before = slack.current.thread('C_OPS', ts).length;
    await slack.current.mention({ user: 'U_ANA', channel: 'C_OPS', text, threadTs: ts });
    const answer = await slack.current.waitFor(() => slack.current.thread('C_OPS', ts)[before + 1]);
    expect(answer.text).toContain('Unknown command');
  }
  expect(await stateOf(proposal.id)).toBe('awaiting-approval');
});
