import type { App } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { openClient, startBolt } from '../support/bolt-app.ts';
import { openLocalSlack, useLocalSlack } from '../support/local-slack.ts';

const scale: ModalView = {
  type: 'modal',
  callback_id: 'scale',
  private_metadata: 'incident-7',
  notify_on_close: true,
  title: { type: 'plain_text', text: 'Scale' },
  submit: { type: 'plain_text', text: 'Scale' },
  blocks: [
    {
      type: 'input',
      block_id: 'replicas',
      label: { type: 'plain_text', text: 'Replicas' },
      element: { type: 'plain_text_input', action_id: 'value' },
    },
    {
      type: 'input',
      block_id: 'mode',
      label: { type: 'plain_text', text: 'Mode' },
      element: {
        type: 'static_select',
        action_id: 'pick',
        options: ['slow', 'fast'].map((value) => ({ value, text: { type: 'plain_text', text: `Go ${value}` } })),
      },
    },
    {
      type: 'input',
      block_id: 'notify',
      optional: true,
      label: { type: 'plain_text', text: 'Tell' },
      element: { type: 'users_select', action_id: 'who', initial_user: 'U_BEN' },
    },
  ],
};

const done: ModalView = {
  type: 'modal',
  title: { type: 'plain_text', text: 'Done' },
  blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'all good' } }],
};

function offerModal(app: App): void {
  app.command('/kube', async ({ ack, client, command }) => {
    await ack();
    await client.views.open({ trigger_id: command.trigger_id, view: scale });
  });
}

describe('modals', () => {
  const slack = useLocalSlack();
  const kube = { user: 'U_ANA', channel: 'C_OPS', text: '/kube scale' } as const;
  const values = { replicas: { value: '3' }, mode: { pick: 'fast' } };

  async function openModal(answer: (app: App) => void) {
    await startBolt(slack.current, (app) => {
      offerModal(app);
      answer(app);
    });
    await slack.current.command(kube);
    return await slack.current.waitForView('U_ANA', { textIncludes: 'Replicas' });
  }

  it('carries typed values, private_metadata and initial values to the app, then closes', async () => {
    const seen: unknown[] = [];
    await openModal((app) => {
      app.view('scale', async ({ ack, view, body }) => {
        seen.push([view.private_metadata, body.user.id, view.state.values]);
        await ack();
      });
    });
    expect(await slack.current.submit({ user: 'U_ANA', values })).toMatchObject({ ok: true });
    expect(seen).toEqual([
      [
        'incident-7',
        'U_ANA',
        {
          replicas: { value: { type: 'plain_text_input', value: '3' } },
          mode: {
            pick: {
              type: 'static_select',
              selected_option: { value: 'fast', text: { type: 'plain_text', text: 'Go fast' } },
            },
          },
          notify: { who: { type: 'users_select', selected_user: 'U_BEN' } },
        },
      ],
    ]);
    expect(slack.current.lastView('U_ANA')).toBeUndefined();
  });

  it('keeps the modal open with the errors the app answers', async () => {
    await openModal((app) => {
      app.view('scale', async ({ ack }) => ack({ response_action: 'errors', errors: { replicas: 'at most 5' } }));
    });
    await slack.current.submit({ user: 'U_ANA', values });
    expect(slack.current.lastView('U_ANA')?.errors).toEqual({ replicas: 'at most 5' });
  });

  it('does not bother the app when a required input is empty', async () => {
    await openModal(() => undefined);
    expect(await slack.current.submit({ user: 'U_ANA', values: { replicas: { value: '3' } } })).toMatchObject({
      ok: false,
    });
    expect(slack.current.lastView('U_ANA')?.errors).toEqual({ mode: 'Please complete this required field.' });
  });

  it('updates, pushes, goes back and clears', async () => {
    const answers = [
      { response_action: 'push', view: { ...scale, title: { type: 'plain_text', text: 'Second' } } },
      { response_action: 'update', view: { ...scale, title: { type: 'plain_text', text: 'Third' } } },
      { response_action: 'clear' },
    ] as const;
    let next = 0;
    await openModal((app) => {
      app.view('scale', async ({ ack }) => {
        const answer = answers[next];
        next += 1;
        await (answer === undefined ? ack() : ack(answer));
      });
    });
    const titles: unknown[] = [];
    for (const _ of answers) {
      await slack.current.submit({ user: 'U_ANA', values });
      titles.push(slack.current.lastView('U_ANA')?.definition['title']);
    }
    expect(titles).toMatchObject([{ text: 'Second' }, { text: 'Third' }, undefined]);
  });

  it('tells the app when a modal is closed, and shows the one below', async () => {
    const closed: string[] = [];
    await openModal((app) => {
      app.view('scale', async ({ ack }) => ack({ response_action: 'push', view: done }));
      app.view({ type: 'view_closed', callback_id: 'scale' }, async ({ ack, view }) => {
        closed.push(view.callback_id);
        await ack();
      });
    });
    await slack.current.submit({ user: 'U_ANA', values });
    expect(slack.current.lastView('U_ANA')?.definition['title']).toMatchObject({ text: 'Done' });
    await slack.current.closeView({ user: 'U_ANA' });
    await slack.current.closeView({ user: 'U_ANA' });
    expect(closed).toEqual(['scale']);
    expect(slack.current.lastView('U_ANA')).toBeUndefined();
  });

  it('carries clicks inside a modal, which may update it', async () => {
    await startBolt(slack.current, (app) => {
      app.command('/kube', async ({ ack, client, command }) => {
        await ack();
        await client.views.open({ trigger_id: command.trigger_id, view: withButton('Check') });
      });
      app.action('check', async ({ ack, body, client }) => {
        await ack();
        if (body.type !== 'block_actions' || body.view === undefined) return;
        await client.views.update({ view_id: body.view.id, hash: body.view.hash, view: withButton('Checked') });
      });
    });
    await slack.current.command(kube);
    const view = await slack.current.waitForView('U_ANA', { textIncludes: 'Check' });
    await slack.current.click({ user: 'U_ANA', viewId: view.id, buttonText: 'Check' });
    const updated = await slack.current.waitForView('U_ANA', { textIncludes: 'Checked' });
    expect([updated.id === view.id, updated.hash === view.hash]).toEqual([true, false]);
  });

  it('refuses to press or submit what another person has open', async () => {
    const view = await openModal(() => undefined);
    await expect(slack.current.submit({ user: 'U_BEN', viewId: view.id, values })).rejects.toThrow('has no view');
    await expect(slack.current.submit({ user: 'U_ANA', values: { typo: { x: '1' } } })).rejects.toThrow('no input');
  });
});

describe('the home tab', () => {
  it('is published for each person and opened with an event', async () => {
    const slack = await openLocalSlack();
    await startBolt(slack, (app) => {
      app.event('app_home_opened', async ({ event, client }) => {
        const text = `Hello <@${event.user}>`;
        const blocks = [{ type: 'section' as const, text: { type: 'mrkdwn' as const, text } }];
        await client.views.publish({ user_id: event.user, view: { type: 'home', blocks } });
      });
    });
    await slack.openHome('U_ANA');
    const home = await slack.waitForHome('U_ANA', { textIncludes: 'Hello' });
    expect(slack.viewTranscript(home)).toBe('Home\nHello @Ana Ruiz');
    expect(slack.home('U_BEN')).toBeUndefined();
    await expect(
      openClient(slack).views.publish({ user_id: 'U_ANA', hash: 'old', view: { type: 'home', blocks: [] } }),
    ).rejects.toMatchObject({ data: { error: 'hash_conflict' } });
  });
});

function withButton(label: string): ModalView {
  return {
    ...done,
    blocks: [
      {
        type: 'actions',
        elements: [{ type: 'button', action_id: 'check', text: { type: 'plain_text', text: label } }],
      },
    ],
  };
}
