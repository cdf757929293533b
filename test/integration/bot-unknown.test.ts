import type { ActionsBlock } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { openClient } from '../support/bolt-app.ts';
import { createDeskWorld, openBot } from '../support/desk.ts';
import { useLocalSlack } from '../support/local-slack.ts';

/** An app that was set up by another version: more commands and shortcuts than this one knows. */
const manifest = {
  display_information: { name: 'Lifeguard' },
  features: {
    slash_commands: [{ command: '/k8s', description: 'the former name' }],
    shortcuts: [{ name: 'Ask', type: 'message', callback_id: 'v0-ask' }],
  },
  oauth_config: { scopes: { bot: ['chat:write', 'commands', 'users:read', 'usergroups:read'] } },
  settings: { interactivity: { is_enabled: true } },
};
const slack = useLocalSlack({ manifest });

async function open() {
  openBot(slack.current, createDeskWorld());
  await slack.current.waitForConnections(1);
  return openClient(slack.current);
}

function button(label: string, action: string): ActionsBlock {
  return {
    type: 'actions',
    elements: [{ type: 'button', text: { type: 'plain_text', text: label }, action_id: action }],
  };
}
const oldButton = button('Snooze', 'v0:snooze');

/** A message with a button that this version does not have, and a link. */
async function postOld() {
  const client = await open();
  const blocks = [oldButton, button('Runbook', 'link:runbook')];
  const { ts } = await client.chat.postMessage({ channel: 'C_OPS', text: 'old', blocks });
  return ts ?? '';
}

describe('what this version does not know', () => {
  it('a command under another name is answered all the same', async () => {
    await open();
    await slack.current.command({ user: 'U_ANA', channel: 'C_OPS', text: '/k8s incidents' });
    const answer = await slack.current.waitForMessage({ channel: 'C_OPS', ephemeralTo: 'U_ANA' });
    expect(answer.text).toBe('No incidents.');
  });

  it('a button of a message is answered to the person who pressed it', async () => {
    const ts = await postOld();
    const outcome = await slack.current.click({ user: 'U_ANA', channel: 'C_OPS', ts, buttonText: 'Snooze' });
    expect(outcome.ok).toBe(true);
    const answer = await slack.current.waitForMessage({ channel: 'C_OPS', ephemeralTo: 'U_ANA' });
    expect(answer.text).toContain('older message');
  });

  it('a link is only acknowledged', async () => {
    const ts = await postOld();
    const outcome = await slack.current.click({ user: 'U_ANA', channel: 'C_OPS', ts, buttonText: 'Runbook' });
    expect(outcome.ok).toBe(true);
    await slack.current.click({ user: 'U_BEN', channel: 'C_OPS', ts, buttonText: 'Snooze' });
    await slack.current.waitForMessage({ channel: 'C_OPS', ephemeralTo: 'U_BEN' });
    expect(slack.current.messages('C_OPS').filter((message) => message.ephemeral_to === 'U_ANA')).toEqual([]);
  });

  it('a shortcut is answered in a modal', async () => {
    const ts = await postOld();
    const outcome = await slack.current.shortcut({ user: 'U_ANA', channel: 'C_OPS', ts, callbackId: 'v0-ask' });
    expect(outcome.ok).toBe(true);
    const view = await slack.current.waitForView('U_ANA', { textIncludes: 'older message' });
    expect(view.userId).toBe('U_ANA');
  });

  it('a form and a button of a modal are answered in that modal', async () => {
    const client = await open();
    await slack.current.command({ user: 'U_ANA', channel: 'C_OPS', text: '/k8s help' });
    await client.views.publish({ user_id: 'U_ANA', view: { type: 'home', blocks: [oldButton] } });
    const shown = await slack.current.waitForHome('U_ANA');
    await slack.current.click({ user: 'U_ANA', viewId: shown.id, buttonText: 'Snooze' });
    const modal = await slack.current.waitForView('U_ANA', { textIncludes: 'older message' });
    const form = {
      type: 'modal',
      title: { type: 'plain_text', text: 'Old' },
      submit: { type: 'plain_text', text: 'Go' },
    } as const;
    await client.views.update({ view_id: modal.id, view: { ...form, callback_id: 'v0-form', blocks: [oldButton] } });
    await slack.current.click({ user: 'U_ANA', viewId: modal.id, buttonText: 'Snooze' });
    await slack.current.waitForView('U_ANA', { textIncludes: 'older message' });
    await client.views.update({ view_id: modal.id, view: { ...form, callback_id: 'v0-form', blocks: [oldButton] } });
    const outcome = await slack.current.submit({ user: 'U_ANA', viewId: modal.id });
    expect(outcome.ok).toBe(true);
    const answered = await slack.current.waitForView('U_ANA', { textIncludes: 'older message' });
    expect(answered.id).toBe(modal.id);
  });
});
