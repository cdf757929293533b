import { beforeEach, describe, expect, it } from 'vitest';
import { LifeguardError } from '../../src/core/errors.ts';
import type { Incident } from '../../src/core/incident.ts';
import { submit } from '../../src/ops/submit.ts';
import { crashLoopOf, createDeskWorld, type DeskWorld, openBot, postCard } from '../support/desk.ts';
import { useLocalSlack } from '../support/local-slack.ts';

const slack = useLocalSlack();
let world: DeskWorld;
let incident: Incident;
let root: string;

beforeEach(async () => {
  world = createDeskWorld();
  openBot(slack.current, world);
  await slack.current.waitForConnections(1);
  world.findings.set('shop/checkout', crashLoopOf(world.checkout));
  incident = await world.registry.observe(crashLoopOf(world.checkout));
  root = await postCard(slack.current, world, { id: 'zzzzzzzzzzzzzzzz', incidentId: incident.id });
});

/** What the bot answers in the thread. */
async function mention(text: string, user = 'U_BEN'): Promise<string> {
  const before = slack.current.thread('C_OPS', root).length;
  await slack.current.mention({ user, channel: 'C_OPS', text, threadTs: root });
  const answer = await slack.current.waitFor(() => slack.current.thread('C_OPS', root)[before + 1]);
  return JSON.stringify([answer.text, answer.blocks ?? []]);
}

async function proposalsOf(id: string) {
  const found = await world.ops.incidents.get(id);
  return Promise.all((found?.proposalIds ?? []).map((one) => world.ops.proposals.get(one)));
}

describe('a mention in the thread of an incident', () => {
  it('means the workload of the incident where none is named', async () => {
    expect(await mention('why')).toContain('Deployment shop/checkout');
    expect(await mention('guardrails')).toContain('shop/checkout');
  });

  it('asks for an action on it, with or without a revision', async () => {
    expect(await mention('rollback')).toContain('Proposed');
    expect(await mention('rollback 1')).toContain('revision 1');
    const proposals = await proposalsOf(incident.id);
    expect(proposals.map((one) => one?.params)).toEqual([
      { target: { ...world.checkout } },
      { target: { ...world.checkout }, revision: '1' },
    ]);
    expect(world.executed).toEqual([]);
  });

  it('still takes the name of another workload', async () => {
    expect(await mention('restart pay/till')).toContain('pay/till');
    expect(await proposalsOf(incident.id)).toEqual([]);
  });

  it('speaks the same grammar as the slash command', async () => {
    expect(await mention('help')).toContain('/kube rollback');
    expect(await mention('')).toContain('/kube rollback');
    expect(await mention('rollbak')).toContain('Did you mean `rollback`?');
  });

  it('brings what is long as a file too, without secrets; one that Slack does not take is no failure', async () => {
    const token = ['gh', 'p_', 'oldVd9sQ1x7Lm2Zp8Rt4Wy6Nb0Hc5Jf3Ga1'].join('');
    const long = Array.from({ length: 200 }, (_, line) => `step ${line} ${'x'.repeat(40)}`);
    world.logs.write('shop/checkout', [`token ${token}`, ...long]);
    const files = () => slack.current.thread('C_OPS', root).flatMap((message) => message.files ?? []);
    slack.current.faults.failNext('files.completeUploadExternal');
    expect(await mention('logs')).toContain('step 199');
    expect(await mention('logs')).toContain('step 199');
    const [file] = await slack.current.waitFor(() => (files().length > 0 ? files() : undefined));
    expect(file).toMatchObject({ name: 'checkout.log', title: expect.stringContaining('shop/checkout') });
    expect(file?.content).toContain('token [redacted');
    expect(file?.content).toContain('step 0 ');
  });

  it('gives nobody more than the role allows', async () => {
    for (const [user, text, words] of [
      ['U_BEN', 'pause', 'needs the admin role'],
      ['U_GUS', 'why', 'guests'],
      ['U_EVE', 'why', 'another Slack workspace'],
    ] as const) {
      await slack.current.mention({ user, channel: 'C_OPS', text, threadTs: root });
      const told = await slack.current.waitForMessage({ channel: 'C_OPS', ephemeralTo: user });
      expect(told).toMatchObject({ thread_ts: root, text: expect.stringContaining(words) });
    }
  });

  it('is answered once, even when Slack sends it again', async () => {
    slack.current.faults.duplicateNextEnvelope();
    await mention('rollback');
    await mention('help');
    expect(await proposalsOf(incident.id)).toHaveLength(1);
  });
});

it('a mention outside a thread is answered in a thread below it', async () => {
  const said = await slack.current.mention({ user: 'U_ANA', channel: 'C_OPS', text: 'why' });
  const answer = await slack.current.waitFor(() => slack.current.thread('C_OPS', said.ts)[1]);
  expect(answer.text).toContain('why <workload>');
});

async function propose() {
  const params = { target: { ...world.checkout } };
  const asked = { incidentId: incident.id, actionId: 'rollback-workload', params, reason: 'test' };
  const submission = await submit({ ...asked, origin: { surface: 'auto' } }, world.ops);
  if ('refused' in submission) throw new Error(submission.refused);
  return postCard(slack.current, world, submission.proposal);
}

describe('Details', () => {
  it('opens a modal with the diff, for anybody who may look', async () => {
    const ts = await propose();
    await slack.current.click({ user: 'U_BEN', channel: 'C_OPS', ts, buttonText: 'Details' });
    const view = await slack.current.waitForView('U_BEN', { textIncludes: 'shop:1.0.0' });
    expect(slack.current.viewTranscript(view)).toContain('Guardrails');
  });

  it('shows how it does at that moment, and what would be written then', async () => {
    const ts = await propose();
    world.workloads.setCounts(world.checkout, { ready: 1 });
    await slack.current.click({ user: 'U_BEN', channel: 'C_OPS', ts, buttonText: 'Details' });
    const view = await slack.current.waitForView('U_BEN', { textIncludes: '1 of 3 pods ready, revision 2.' });
    expect(slack.current.viewTranscript(view)).toContain('shop:1.0.0');
  });

  it('says that it has changed since it was shown, and a new card follows', async () => {
    const ts = await propose();
    const value = 'shop:1.0.2';
    world.workloads.interfere(world.checkout, [
      { op: 'replace', path: '/spec/template/spec/containers/0/image', value },
    ]);
    await slack.current.click({ user: 'U_BEN', channel: 'C_OPS', ts, buttonText: 'Details' });
    const view = await slack.current.waitForView('U_BEN', { textIncludes: 'A new card follows' });
    expect(slack.current.viewTranscript(view)).toContain('This proposal is expired');
    expect((await proposalsOf(incident.id)).map((one) => one?.state)).toEqual(['expired', 'awaiting-approval']);
  });

  it('shows what was shown while the cluster does not answer', async () => {
    const ts = await propose();
    world.workloads.breakWith(new LifeguardError('It is down.', { code: 'cluster-unreachable', retry: 'transient' }));
    await slack.current.click({ user: 'U_BEN', channel: 'C_OPS', ts, buttonText: 'Details' });
    const view = await slack.current.waitForView('U_BEN', { textIncludes: 'cannot be read: It is down.' });
    expect(slack.current.viewTranscript(view)).toContain('shop:1.0.0');
  });

  it('opens in time although Slack is slow to say who somebody is', async () => {
    const ts = await propose();
    slack.current.faults.slow('users.info', 400);
    await slack.current.click({ user: 'U_BEN', channel: 'C_OPS', ts, buttonText: 'Details' });
    await slack.current.waitForView('U_BEN', { textIncludes: 'One moment' });
    const view = await slack.current.waitForView('U_BEN', { textIncludes: 'shop:1.0.0' });
    expect(view.userId).toBe('U_BEN');
  });

  it('tells a guest why not, and says so when the proposal is not known', async () => {
    const ts = await propose();
    await slack.current.click({ user: 'U_GUS', channel: 'C_OPS', ts, buttonText: 'Details' });
    const refused = await slack.current.waitForView('U_GUS', { textIncludes: 'guests' });
    expect(slack.current.viewTranscript(refused)).not.toContain('shop:1.0.0');
    await slack.current.click({ user: 'U_BEN', channel: 'C_OPS', ts: root, buttonText: 'Details' });
    await slack.current.waitForView('U_BEN', { textIncludes: 'not known' });
  });
});

describe('App Home', () => {
  it('shows the cluster, the kill switch and what is open', async () => {
    await world.controls.setKillSwitch({ engaged: true, by: 'U_CHI', at: 1, reason: 'release freeze' });
    await slack.current.openHome('U_ANA');
    const home = await slack.current.waitForHome('U_ANA', { textIncludes: 'release freeze' });
    expect(slack.current.viewTranscript(home)).toContain('checkout');
  });

  it('shows an approver what waits for a decision, and nobody else', async () => {
    await propose();
    await slack.current.openHome('U_ANA');
    const home = await slack.current.waitForHome('U_ANA', { textIncludes: 'Waiting for you' });
    expect(slack.current.viewTranscript(home)).toContain('Roll back');
    await slack.current.openHome('U_BEN');
    const other = await slack.current.waitForHome('U_BEN', { textIncludes: 'Open incidents' });
    expect(slack.current.viewTranscript(other)).not.toContain('Waiting for you');
  });

  it('has a switch for admins that stops everything, and shows that it did', async () => {
    await slack.current.openHome('U_CHI');
    const { id: viewId } = await slack.current.waitForHome('U_CHI', { textIncludes: 'Kill switch: off' });
    await slack.current.click({ user: 'U_CHI', viewId, buttonText: 'Pause' });
    await slack.current.waitForHome('U_CHI', { textIncludes: 'engaged by' });
    expect((await world.controls.killSwitch()).engaged).toBe(true);
    await slack.current.click({ user: 'U_CHI', viewId, buttonText: 'Resume' });
    await slack.current.waitForHome('U_CHI', { textIncludes: 'Kill switch: off' });
    await slack.current.openHome('U_BEN');
    const other = await slack.current.waitForHome('U_BEN', { textIncludes: 'Kill switch: off' });
    expect(JSON.stringify(other)).not.toContain('home:switch');
  });

  it('shows a guest nothing of the cluster', async () => {
    await slack.current.openHome('U_GUS');
    const home = await slack.current.waitForHome('U_GUS', { textIncludes: 'guests' });
    expect(slack.current.viewTranscript(home)).not.toContain('checkout');
  });
});

it('a question typed as a command is answered to the asker alone: that it is looked into, and then the answer', async () => {
  world.answering.says(async () => ({ refused: 'Nobody knows.' }));
  await slack.current.command({ user: 'U_BEN', channel: 'C_OPS', text: `/kube ask ${incident.id} why is it slow?` });
  await slack.current.waitForMessage({ channel: 'C_OPS', ephemeralTo: 'U_BEN', textIncludes: 'Nobody knows.' });
  const told = slack.current.messages('C_OPS').filter(({ ephemeral_to: to }) => to === 'U_BEN');
  expect(told.map(({ text }) => text)).toEqual([expect.stringContaining('why is it slow?'), 'Nobody knows.']);
});

it('a question typed as a command shows a step that takes long, within what an answer address takes', async () => {
  const slow = Promise.withResolvers<void>();
  world.answering.says(async ({ onProgress }) => {
    onProgress?.('looks up read_logs');
    await slow.promise;
    return { refused: 'Nobody knows.' };
  });
  await slack.current.command({ user: 'U_BEN', channel: 'C_OPS', text: `/kube ask ${incident.id} why is it slow?` });
  const wanted = { channel: 'C_OPS', ephemeralTo: 'U_BEN' };
  await slack.current.waitForMessage({ ...wanted, textIncludes: 'looks at the evidence' });
  await slack.current.waitForMessage({ ...wanted, textIncludes: 'reads logs' });
  slow.resolve();
  const answer = await slack.current.waitForMessage({ ...wanted, textIncludes: 'Nobody knows.' });
  const told = slack.current.messages('C_OPS').filter(({ ephemeral_to: to }) => to === 'U_BEN');
  expect([told.length, told.at(-1)?.ts]).toEqual([3, answer.ts]);
});

it('a question in the thread is answered in the place of its announcement', async () => {
  world.answering.says(async () => ({ refused: 'Nobody knows.' }));
  await slack.current.mention({ user: 'U_BEN', channel: 'C_OPS', text: 'ask why is it slow?', threadTs: root });
  await slack.current.waitForMessage({ channel: 'C_OPS', threadTs: root, textIncludes: 'Nobody knows.' });
  const answer = slack.current.thread('C_OPS', root).at(-1);
  expect(slack.current.thread('C_OPS', root)).toHaveLength(3);
  expect(JSON.stringify(answer?.blocks ?? [])).not.toContain('looks at the evidence');
});
