import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { LocalSlack } from '../../demo/slack/local-slack.ts';
import { openClient, startBolt } from '../support/bolt-app.ts';
import { useLocalSlack } from '../support/local-slack.ts';

const State = z.looseObject({
  me: z.string(),
  channels: z.array(z.looseObject({ id: z.string(), is_member: z.boolean(), is_dm: z.boolean() })),
  messages: z.record(z.string(), z.array(z.looseObject({ ts: z.string(), text: z.string() }))),
  views: z.array(z.looseObject({ id: z.string(), errors: z.record(z.string(), z.string()) })),
  notices: z.array(z.object({ id: z.string(), text: z.string() })),
  requests: z.array(z.looseObject({ method: z.string(), ok: z.boolean() })),
});

async function readState(slack: LocalSlack, user: string) {
  const answer = await fetch(`${slack.url}/_/state?user=${user}`);
  return State.parse(await answer.json());
}

async function post(slack: LocalSlack, path: string, body: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(`${slack.url}/_/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

describe('the control API of the web page', () => {
  const slack = useLocalSlack();

  it('shows each person what that person sees', async () => {
    const client = openClient(slack.current);
    await client.chat.postMessage({ channel: 'C_OPS', text: 'for all' });
    await client.chat.postEphemeral({ channel: 'C_OPS', user: 'U_ANA', text: 'for Ana' });
    await client.chat.postMessage({ channel: 'U_BEN', text: 'for Ben' });
    slack.current.setBanner({ title: 'Step 1', text: 'A pod crashes' });

    const ana = await readState(slack.current, 'U_ANA');
    const ben = await readState(slack.current, 'U_BEN');
    expect(ana.messages['C_OPS']?.map((one) => one.text)).toEqual(['for all', 'for Ana']);
    expect(ben.messages['C_OPS']?.map((one) => one.text)).toEqual(['for all']);
    expect([ana.messages['D_BEN'], ben.messages['D_BEN']?.length]).toEqual([undefined, 1]);
    expect(ana).toMatchObject({
      team: { id: 'T0LOCAL', name: 'Acme Shop' },
      me: 'U_ANA',
      home: null,
      outage: false,
      connections: 0,
      banner: { title: 'Step 1', text: 'A pod crashes' },
      commands: [{ command: '/kube', description: expect.any(String), usage_hint: expect.any(String) }],
      requests: [{ method: 'chat.postMessage', ok: true }, { method: 'chat.postEphemeral' }, {}],
    });
  });

  it('commands, clicks, fills in and closes modals, and dismisses notices', async () => {
    await startBolt(slack.current, (app) => {
      app.command('/kube', async ({ ack, client, command }) => {
        await ack({
          text: 'choose',
          blocks: [
            {
              type: 'actions',
              block_id: 'row',
              elements: [{ type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } }],
            },
          ],
        });
        await client.views.open({
          trigger_id: command.trigger_id,
          view: {
            type: 'modal',
            callback_id: 'form',
            title: { type: 'plain_text', text: 'Form' },
            submit: { type: 'plain_text', text: 'Send' },
            blocks: [
              {
                type: 'input',
                block_id: 'why',
                label: { type: 'plain_text', text: 'Why' },
                element: { type: 'plain_text_input', action_id: 'text' },
              },
            ],
          },
        });
      });
      app.action('go', async ({ ack, respond }) => {
        await ack();
        await respond({ text: 'gone', replace_original: true });
      });
      app.view('form', async ({ ack }) => ack({ response_action: 'errors', errors: { why: 'longer' } }));
    });
    const ana = { user: 'U_ANA' };
    expect(await post(slack.current, 'command', { ...ana, channel: 'C_OPS', text: '/kube x' })).toMatchObject({
      body: { ok: true },
    });
    await slack.current.waitForView('U_ANA');
    const { ts = '' } = (await readState(slack.current, 'U_ANA')).messages['C_OPS']?.[0] ?? {};
    const click = { ...ana, channel: 'C_OPS', ts, block_id: 'row', action_id: 'go' };
    expect((await post(slack.current, 'click', click)).body).toMatchObject({ ok: true });
    await slack.current.waitForMessage({ textIncludes: 'gone' });

    const view_id = slack.current.lastView('U_ANA')?.id;
    const values = { why: { text: 'because' } };
    expect((await post(slack.current, 'submit', { ...ana, view_id, values })).body).toMatchObject({ ok: true });
    expect((await readState(slack.current, 'U_ANA')).views[0]?.errors).toEqual({ why: 'longer' });
    expect((await post(slack.current, 'close', { ...ana, view_id })).body).toMatchObject({ ok: true });

    await post(slack.current, 'command', { ...ana, channel: 'C_OPS', text: '/unknown' });
    const [notice] = (await readState(slack.current, 'U_ANA')).notices;
    expect(notice?.text).toBe('/unknown is not a valid command.');
    expect((await post(slack.current, 'notice-dismiss', { ...ana, id: notice?.id })).body).toEqual({ ok: true });
    expect((await readState(slack.current, 'U_ANA')).notices).toEqual([]);
  });

  it('says things, opens home and switches an outage', async () => {
    await post(slack.current, 'say', { user: 'U_ANA', channel: 'C_OPS', text: 'hello' });
    expect(slack.current.transcript('C_OPS')).toBe('#ops-alerts\nAna Ruiz: hello');
    expect((await post(slack.current, 'home', { user: 'U_ANA' })).body).toMatchObject({ ok: false });
    await post(slack.current, 'outage', { on: true });
    expect((await readState(slack.current, 'U_ANA'))['outage']).toBe(true);
    await post(slack.current, 'outage', { on: false });
  });

  it('answers an impossible click with an error instead of failing', async () => {
    const click = { user: 'U_ANA', channel: 'C_OPS', ts: '1.2', block_id: 'b', action_id: 'a' };
    expect((await post(slack.current, 'click', click)).body).toMatchObject({ ok: false });
    expect((await post(slack.current, 'click', { nonsense: true })).body).toMatchObject({ ok: false });
  });

  it('streams a line for each change', async () => {
    const stop = new AbortController();
    const answer = await fetch(`${slack.current.url}/_/stream`, { signal: stop.signal });
    const lines = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await lines?.read())?.value).toMatch(/^data: \{"version":\d+\}\n\n$/);
    await slack.current.say({ user: 'U_ANA', channel: 'C_OPS', text: 'hello' });
    expect((await lines?.read())?.value).toMatch(/^data: \{"version":\d+\}/);
    stop.abort();
  });

  it('lets no other site act or read', async () => {
    const say = { user: 'U_ANA', channel: 'C_OPS', text: 'approve!' };
    expect((await post(slack.current, 'say', say, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await post(slack.current, 'say', say, { 'content-type': 'text/plain' })).status).toBe(415);
    const { port } = new URL(slack.current.url);
    const rebound = await new Promise<number | undefined>((resolve) => {
      request({ host: '127.0.0.1', port, path: '/_/state', headers: { host: `evil.example:${port}` } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).end();
    });
    expect(rebound).toBe(403);
    expect(slack.current.messages('C_OPS')).toEqual([]);
  });

  it('serves the page from its own folder only', async () => {
    const get = async (path: string) => {
      const answer = await fetch(`${slack.current.url}${path}`);
      await answer.text();
      return answer.status;
    };
    expect(await get('/page/missing.css')).toBe(404);
    expect(await get('/page/..%2flocal-slack.ts')).toBe(404);
  });
});
