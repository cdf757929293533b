import type { ModalView } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { openClient, startBolt } from '../support/bolt-app.ts';
import { createSteppedClock } from '../support/fakes/clock.ts';
import { openLocalSlack } from '../support/local-slack.ts';
import { refusal } from '../support/slack-answers.ts';

describe('triggers and views', () => {
  const modal: ModalView = {
    type: 'modal',
    title: { type: 'plain_text', text: 'Details' },
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'hello' } }],
  };

  async function openTrigger(options: Parameters<typeof openLocalSlack>[0] = {}) {
    const slack = await openLocalSlack(options);
    let trigger = '';
    await startBolt(slack, (app) => {
      app.command('/kube', async ({ ack, command }) => {
        trigger = command.trigger_id;
        await ack();
      });
    });
    const next = async () => {
      await slack.command({ user: 'U_ANA', channel: 'C_OPS', text: '/kube' });
      return trigger;
    };
    return { slack, client: openClient(slack), next };
  }

  it('lets a trigger_id open one modal within three seconds', async () => {
    const clock = createSteppedClock();
    const { client, next } = await openTrigger({ clock });
    const trigger = await next();
    expect(await client.views.open({ trigger_id: trigger, view: modal })).toMatchObject({ ok: true });
    expect(await refusal(client.views.open({ trigger_id: trigger, view: modal }))).toMatchObject({
      code: 'exchanged_trigger_id',
    });
    const late = await next();
    clock.advance(3_001);
    expect(await refusal(client.views.open({ trigger_id: late, view: modal }))).toMatchObject({
      code: 'expired_trigger_id',
    });
    expect(await refusal(client.views.open({ trigger_id: 'made-up', view: modal }))).toMatchObject({
      code: 'invalid_trigger_id',
    });
  });

  it('refuses an outdated hash and a fourth modal', async () => {
    const { client, next } = await openTrigger();
    const { view } = await client.views.open({ trigger_id: await next(), view: modal });
    const id = view?.id ?? '';
    await client.views.update({ view_id: id, hash: view?.hash ?? '', view: modal });
    expect(await refusal(client.views.update({ view_id: id, hash: view?.hash ?? '', view: modal }))).toMatchObject({
      code: 'hash_conflict',
    });
    await client.views.push({ trigger_id: await next(), view: modal });
    await client.views.push({ trigger_id: await next(), view: modal });
    expect(await refusal(client.views.push({ trigger_id: await next(), view: modal }))).toMatchObject({
      code: 'push_limit_reached',
    });
  });

  it('refuses a modal title over 24 characters and inputs without a submit button', async () => {
    const { client, next } = await openTrigger();
    const longTitle: ModalView = { ...modal, title: { type: 'plain_text', text: 'x'.repeat(25) } };
    expect(await refusal(client.views.open({ trigger_id: await next(), view: longTitle }))).toMatchObject({
      code: 'invalid_arguments',
    });
    const noSubmit: ModalView = {
      ...modal,
      blocks: [
        {
          type: 'input',
          label: { type: 'plain_text', text: 'Why' },
          element: { type: 'plain_text_input', action_id: 'why' },
        },
      ],
    };
    const { messages } = await refusal(client.views.open({ trigger_id: await next(), view: noSubmit }));
    expect(messages.join()).toContain('must give submit');
  });
});

describe('response_url', () => {
  it('takes five answers within half an hour', async () => {
    const clock = createSteppedClock();
    const slack = await openLocalSlack({ clock });
    const urls: string[] = [];
    await startBolt(slack, (app) => {
      app.command('/kube', async ({ ack, command }) => {
        urls.push(command.response_url);
        await ack();
      });
    });
    const send = async (url: string | undefined) => {
      const body = JSON.stringify({ text: 'hello' });
      const answer = await fetch(url ?? '', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      return `${answer.status} ${await answer.text()}`;
    };
    await slack.command({ user: 'U_ANA', channel: 'C_OPS', text: '/kube' });
    for (let used = 0; used < 5; used += 1) expect(await send(urls[0])).toBe('200 ok');
    expect(await send(urls[0])).toContain('used_url');

    await slack.command({ user: 'U_ANA', channel: 'C_OPS', text: '/kube' });
    clock.advance(30 * 60_000 + 1);
    expect(await send(urls[1])).toContain('expired_url');
  });
});
