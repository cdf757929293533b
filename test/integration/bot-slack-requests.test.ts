import { describe, expect, it } from 'vitest';
import { guardFetch } from '../../src/bot/app.ts';
import { submit } from '../../src/ops/submit.ts';
import { createReceipts } from '../../src/platform/redis/receipts.ts';
import { openClient } from '../support/bolt-app.ts';
import { crashLoopOf, createDeskWorld, type DeskWorld, postCard } from '../support/desk.ts';
import { createFakeReceipts } from '../support/fakes/receipts.ts';
import { useLocalSlack } from '../support/local-slack.ts';
import { openTestRedis } from '../support/redis.ts';
import { listen, openHttpBot, type SentRequest, send, signed } from '../support/slack-requests.ts';

const slack = useLocalSlack();

/** A proposal that waits for approval, and its card in the channel. */
async function propose(world: DeskWorld) {
  const incident = await world.registry.observe(crashLoopOf(world.checkout));
  const params = { target: { ...world.checkout } };
  const request = { incidentId: incident.id, actionId: 'rollback-workload', params, reason: 'test' };
  const submission = await submit({ ...request, origin: { surface: 'auto' } }, world.ops);
  if ('refused' in submission) throw new Error(submission.refused);
  return { id: submission.proposal.id, ts: await postCard(slack.current, world, submission.proposal) };
}

function answers(): readonly string[] {
  return slack.current.messages('C_OPS').flatMap(({ text, ephemeral_to: to }) => (to === undefined ? [] : [text]));
}

function ask(text: string) {
  return slack.current.command({ user: 'U_ANA', channel: 'C_OPS', text: `/kube ${text}` });
}

function plain(text: string) {
  return { type: 'plain_text', text } as const;
}

/** A slash command as Slack writes it. */
function command(fields: Readonly<Record<string, string>> = {}): string {
  const whole = { command: '/kube', text: 'incidents', team_id: 'T0LOCAL', user_id: 'U_ANA', channel_id: 'C_OPS' };
  return new URLSearchParams({ ...whole, response_url: `${slack.current.url}/nowhere`, ...fields }).toString();
}

describe('a bot that takes requests', () => {
  it('answers the challenge, commands, buttons, modals and mentions', async () => {
    const world = createDeskWorld();
    const { connect } = await openHttpBot(slack.current, world);
    await connect();
    expect(await ask('incidents')).toMatchObject({ ok: true });
    await slack.current.waitForMessage({ channel: 'C_OPS', ephemeralTo: 'U_ANA', textIncludes: 'No incidents.' });
    const { id, ts } = await propose(world);
    await slack.current.click({ user: 'U_ANA', channel: 'C_OPS', ts, buttonText: 'Details' });
    const modal = await slack.current.waitForView('U_ANA', { textIncludes: 'shop/checkout' });
    const form = { type: 'modal', title: plain('Old'), submit: plain('Go'), callback_id: 'v0-form' } as const;
    await openClient(slack.current).views.update({ view_id: modal.id, view: { ...form, blocks: [] } });
    expect(await slack.current.submit({ user: 'U_ANA', viewId: modal.id })).toMatchObject({ ok: true });
    await slack.current.waitForView('U_ANA', { textIncludes: 'older message' });
    await slack.current.click({ user: 'U_ANA', channel: 'C_OPS', ts, buttonText: 'Approve' });
    await slack.current.waitForMessage({ channel: 'C_OPS', ephemeralTo: 'U_ANA', textIncludes: 'Approved:' });
    expect(world.executed).toEqual([id]);
    await slack.current.mention({ user: 'U_BEN', channel: 'C_OPS', text: 'help', threadTs: ts });
    await slack.current.waitFor(() => slack.current.thread('C_OPS', ts).find(({ text }) => text.includes('/kube')));
    expect(slack.current.connections).toBe(0);
  });

  it('takes nothing before it knows its workspace, nor once it is stopped', async () => {
    slack.current.outage(true);
    const { bot, url, connect } = await openHttpBot(slack.current, createDeskWorld());
    const early = await send(url, signed(slack.current.signingSecret, command()));
    expect([early.status, early.headers.get('retry-after')]).toEqual([503, '5']);
    slack.current.outage(false);
    await connect();
    await bot.stop();
    expect(bot.state()).toBe('stopped');
    expect((await send(url, signed(slack.current.signingSecret, command()))).status).toBe(503);
    expect(answers()).toEqual([]);
  });

  it('answers the look at its certificate, which is not signed, and does nothing else', async () => {
    const { url, connect } = await openHttpBot(slack.current, createDeskWorld());
    await connect();
    const { body, headers } = signed('not-the-signing-secret', command({ ssl_check: '1' }));
    const answer = await send(url, { body, headers });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    await ask('help');
    await expect.poll(answers).toHaveLength(1);
    expect(answers()).not.toContain('No incidents.');
  });
});

describe('a request that is refused', () => {
  const minute = 60_000;
  const own = (body: string, options = {}) => signed(slack.current.signingSecret, body, options);
  const ownJson = (body: string) => own(body, { contentType: 'application/json' });

  it.each<[string, number, () => SentRequest]>([
    ['signed with another secret', 401, () => signed('not-the-signing-secret', command())],
    ['another body than was signed', 401, () => ({ ...own(command()), body: command({ text: 'pause' }) })],
    ['older than five minutes', 401, () => own(command(), { at: Date.now() - 5 * minute - 2_000 })],
    ['from the future', 401, () => own(command(), { at: Date.now() + 6 * minute })],
    ['not signed', 401, () => ({ body: command(), headers: { 'content-type': 'application/x-www-form-urlencoded' } })],
    ['a time that is no number', 401, () => withHeader(own(command()), 'x-slack-request-timestamp', 'NaN')],
    ['too long', 413, () => own(command({ text: 'x'.repeat(2 ** 20) }))],
    ['neither a form nor JSON', 415, () => own(command(), { contentType: 'text/plain' })],
    ['JSON cut short', 400, () => ownJson('{"type":')],
    ['JSON that is no object', 400, () => ownJson('7')],
    ['of a kind nobody takes', 404, () => ownJson('{"type":"telepathy"}')],
  ])('%s: %i', async (_case, status, request) => {
    const { url, connect } = await openHttpBot(slack.current, createDeskWorld());
    await connect();
    const answer = await send(url, request());
    expect(answer.status).toBe(status);
    expect(await answer.text()).not.toContain(slack.current.signingSecret);
    expect(answers()).toEqual([]);
  });

  it('only then: what is not quite five minutes off is taken on both sides, and JSON that says how it is encoded', async () => {
    const { url, connect } = await openHttpBot(slack.current, createDeskWorld());
    await connect();
    const challenge = '{"type":"url_verification","challenge":"x"}';
    const answer = await send(url, own(challenge, { contentType: 'application/json; charset=utf-8' }));
    expect(await answer.json()).toEqual({ challenge: 'x' });
    for (const at of [Date.now() - 4.5 * minute, Date.now() + 4.5 * minute])
      expect((await send(url, own(command(), { at }))).status).toBe(200);
  });
});

function withHeader({ body, headers }: SentRequest, name: string, value: string): SentRequest {
  return { body, headers: { ...headers, [name]: value } };
}

describe('a request that comes again', () => {
  it('is taken once, also by another bot, whatever else is said in its headers', async () => {
    const world = createDeskWorld();
    const receipts = createFakeReceipts({ now: () => Date.now() });
    const { url, connect } = await openHttpBot(slack.current, world, { receipts });
    const other = await openHttpBot(slack.current, world, { receipts });
    const sent = await connect();
    await expect.poll(() => other.bot.state()).toBe('connected');
    const { id, ts } = await propose(world);
    await slack.current.click({ user: 'U_ANA', channel: 'C_OPS', ts, buttonText: 'Approve' });
    await slack.current.waitForMessage({ channel: 'C_OPS', ephemeralTo: 'U_ANA', textIncludes: 'Approved:' });
    const click = sent.at(-1);
    if (click === undefined) throw new Error('Slack sent nothing');
    const signature = click.headers['x-slack-signature'] ?? '';
    const stamp = click.headers['x-slack-request-timestamp'] ?? '';
    const again: readonly [SentRequest, number][] = [
      [click, 409],
      [withHeader(click, 'x-slack-retry-num', '1'), 409],
      [withHeader(click, 'x-slack-signature', `${signature}=1`), 401],
      [withHeader(click, 'x-slack-signature', signature.toUpperCase()), 401],
      [withHeader(click, 'x-slack-request-timestamp', `0${stamp}`), 401],
      [withHeader(click, 'x-slack-request-timestamp', `${stamp}.0`), 401],
    ];
    for (const [request, status] of again)
      for (const address of [url, other.url]) expect((await send(address, request)).status).toBe(status);
    await ask('help');
    await expect.poll(() => answers().length).toBe(2);
    expect(world.executed).toEqual([id]);
  });

  it('as a retry that Slack signed anew is acknowledged, and answered once by all bots together', async () => {
    const world = createDeskWorld();
    const receipts = createFakeReceipts({ now: () => Date.now() });
    const { connect } = await openHttpBot(slack.current, world, { receipts });
    const other = await openHttpBot(slack.current, world, { receipts });
    const sent = await connect();
    await expect.poll(() => other.bot.state()).toBe('connected');
    const { ts } = await slack.current.mention({ user: 'U_BEN', channel: 'C_OPS', text: 'incidents' });
    await slack.current.waitFor(() => slack.current.thread('C_OPS', ts)[1]);
    const body = sent.at(-1)?.body ?? '';
    const retry = signed(slack.current.signingSecret, body, {
      at: Date.now() + 2_000,
      contentType: 'application/json',
    });
    const answer = await send(other.url, withHeader(retry, 'x-slack-retry-num', '1'));
    expect(answer.status).toBe(200);
    await other.bot.stop();
    expect(slack.current.thread('C_OPS', ts)).toHaveLength(2);
  });

  it('is not taken at all while nobody can remember it, so that Slack sends it again', async () => {
    const { redis, keyspace } = await openTestRedis();
    const receipts = createReceipts(redis, keyspace);
    const { url, connect } = await openHttpBot(slack.current, createDeskWorld(), { receipts });
    await connect();
    redis.disconnect();
    const answer = await send(url, signed(slack.current.signingSecret, command()));
    expect(answer.status).toBe(503);
    expect(answers()).toEqual([]);
  });
});

describe('an answer address that is not Slack’s', () => {
  /** Somebody who waits for answers that are not meant for them. */
  async function openTrap() {
    const caught: string[] = [];
    const url = await listen((request, response) => {
      caught.push(`${request.method} ${request.headers.authorization ?? ''}`);
      response.end('ok');
    });
    return { url, caught };
  }

  it('gets nothing, not even from a signed request', async () => {
    const world = createDeskWorld();
    const { bot, url, connect } = await openHttpBot(slack.current, world);
    await connect();
    const trap = await openTrap();
    const hostile = [
      `${trap.url}/answer`,
      trap.url.replace('127.0.0.1', 'hooks.slack.com@127.0.0.1'),
      'file:///etc/passwd',
    ];
    for (const response_url of hostile) {
      const answer = await send(url, signed(slack.current.signingSecret, command({ response_url })));
      expect(answer.status).toBe(200);
    }
    await bot.stop();
    expect(trap.caught).toEqual([]);
  });

  it('is not followed to by a redirect either', async () => {
    const trap = await openTrap();
    const redirecting = await listen((_request, response) => response.writeHead(307, { location: trap.url }).end());
    await expect(guardFetch(`${redirecting}/api/`)(`${redirecting}/answer`, { method: 'POST' })).rejects.toThrow(
      'fetch failed',
    );
    expect(trap.caught).toEqual([]);
  });

  it('of a click: the person is answered in the channel instead', async () => {
    const world = createDeskWorld();
    const { url, connect } = await openHttpBot(slack.current, world);
    const sent = await connect();
    const trap = await openTrap();
    const { id, ts } = await propose(world);
    await slack.current.click({ user: 'U_CHI', channel: 'C_OPS', ts, buttonText: 'Reject' });
    await slack.current.waitForMessage({ channel: 'C_OPS', ephemeralTo: 'U_CHI' });
    const payload = JSON.parse(new URLSearchParams(sent.at(-1)?.body).get('payload') ?? '{}');
    const body = new URLSearchParams({ payload: JSON.stringify({ ...payload, response_url: trap.url }) }).toString();
    const before = answers().length;
    expect((await send(url, signed(slack.current.signingSecret, body))).status).toBe(200);
    await expect.poll(() => answers().length).toBe(before + 1);
    expect(answers().at(-1)).toContain('ejected');
    expect(trap.caught).toEqual([]);
    expect(world.executed).not.toContain(id);
  });
});
