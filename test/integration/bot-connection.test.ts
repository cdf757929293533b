import { describe, expect, it } from 'vitest';
import type { LocalSlack } from '../../demo/slack/local-slack.ts';
import { submit } from '../../src/ops/submit.ts';
import { crashLoopOf, createDeskWorld, type DeskWorld, openBot, postCard } from '../support/desk.ts';
import { createSteppedClock } from '../support/fakes/clock.ts';
import { useLocalSlack } from '../support/local-slack.ts';

const slack = useLocalSlack();

async function propose(world: DeskWorld, current: LocalSlack) {
  const incident = await world.registry.observe(crashLoopOf(world.checkout));
  const params = { target: { ...world.checkout } };
  const request = { incidentId: incident.id, actionId: 'rollback-workload', params, reason: 'test' };
  const submission = await submit({ ...request, origin: { surface: 'auto' } }, world.ops);
  if ('refused' in submission) throw new Error(submission.refused);
  return { proposal: submission.proposal, ts: await postCard(current, world, submission.proposal) };
}

describe('while Slack is away', () => {
  it.each(['unavailable', 'reset'] as const)(
    'at the start (%s) the bot goes on trying, and answers once it is back',
    async (mode) => {
      slack.current.outage(true, mode);
      const { bot, refusals } = openBot(slack.current, createDeskWorld());
      await expect.poll(() => bot.state()).toBe('reconnecting');
      slack.current.outage(false);
      await slack.current.waitForConnections(1);
      const outcome = await slack.current.command({ user: 'U_ANA', channel: 'C_OPS', text: '/kube help' });
      expect(outcome.ok).toBe(true);
      expect(bot.state()).toBe('connected');
      expect(refusals).toEqual([]);
    },
  );

  it('later: it says so, and comes back by itself', async () => {
    const { bot, states } = openBot(slack.current, createDeskWorld());
    await slack.current.waitForConnections(1);
    slack.current.outage(true);
    await slack.current.waitForConnections(0);
    await expect.poll(() => bot.state()).toBe('reconnecting');
    slack.current.outage(false);
    await slack.current.waitForConnections(1);
    await expect.poll(() => states).toEqual(['connected', 'reconnecting', 'connected']);
  });
});

describe('when Slack recycles the connection', () => {
  it('the next one is opened without a wait', async () => {
    const clock = createSteppedClock();
    const { bot } = openBot(slack.current, createDeskWorld(), { clock });
    await slack.current.waitForConnections(1);
    await expect.poll(() => bot.state()).toBe('connected');
    clock.advance(3_600_000);
    slack.current.faults.disconnect('refresh_requested', 'all');
    await slack.current.waitForConnections(0);
    // A wait by this clock would never end.
    expect(await slack.current.waitForConnections(1)).toBe(true);
  });

  it('a click around it approves at most once, and a second click is never silent', async () => {
    const world = createDeskWorld();
    openBot(slack.current, world);
    await slack.current.waitForConnections(1);
    const { proposal, ts } = await propose(world, slack.current);
    const click = (user: string) => slack.current.click({ user, channel: 'C_OPS', ts, buttonText: 'Approve' });
    const clicks = Promise.all([click('U_ANA'), click('U_CHI')]);
    slack.current.faults.dropSockets();
    await clicks;
    await slack.current.waitForConnections(1);
    await click('U_CHI');
    await slack.current.waitForMessage({ channel: 'C_OPS', ephemeralTo: 'U_CHI' });
    expect(world.executed).toEqual([proposal.id]);
  });

  it('a click whose acknowledgement is lost is carried out once', async () => {
    const world = createDeskWorld();
    openBot(slack.current, world);
    await slack.current.waitForConnections(1);
    const { proposal, ts } = await propose(world, slack.current);
    slack.current.faults.loseNextAck();
    const first = slack.current.click({ user: 'U_ANA', channel: 'C_OPS', ts, buttonText: 'Approve' });
    await slack.current.waitForMessage({ channel: 'C_OPS', ephemeralTo: 'U_ANA', textIncludes: 'Approved:' });
    await first;
    await slack.current.click({ user: 'U_ANA', channel: 'C_OPS', ts, buttonText: 'Approve' });
    await slack.current.waitForMessage({ channel: 'C_OPS', ephemeralTo: 'U_ANA', textIncludes: 'Already approved' });
    expect(world.executed).toEqual([proposal.id]);
  });
});

describe('tokens that Slack refuses', () => {
  it.each([
    ['SLACK_BOT_TOKEN', { botToken: 'xoxb-wrong' }],
    ['SLACK_APP_TOKEN', { appToken: 'xapp-wrong' }],
  ])('%s: one sentence that says what to do, and no more tries', async (name, tokens) => {
    const { bot, refusals } = openBot(slack.current, createDeskWorld(), tokens);
    await expect.poll(() => bot.state()).toBe('refused');
    expect(refusals).toEqual([expect.stringMatching(new RegExp(`^Slack refuses ${name} \\(invalid_auth\\)\\. .+`))]);
    const calls = slack.current.requests.length;
    await bot.stop();
    expect(slack.current.requests).toHaveLength(calls);
  });
});

describe('stopping', () => {
  it('lets an answer that is under way be given first', async () => {
    const world = createDeskWorld();
    const { bot } = openBot(slack.current, world);
    await slack.current.waitForConnections(1);
    slack.current.faults.slow('users.info', 300);
    await slack.current.command({ user: 'U_BEN', channel: 'C_OPS', text: '/kube incidents' });
    await bot.stop();
    expect(slack.current.messages('C_OPS').map((message) => message.text)).toEqual(['No incidents.']);
    expect(slack.current.connections).toBe(0);
    expect(bot.state()).toBe('stopped');
  });

  it('works while Slack is away', async () => {
    slack.current.outage(true);
    const { bot } = openBot(slack.current, createDeskWorld());
    await expect.poll(() => bot.state()).toBe('reconnecting');
    await bot.stop();
    expect(bot.state()).toBe('stopped');
  });
});
