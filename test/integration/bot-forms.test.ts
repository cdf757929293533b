import type { ModalView } from '@slack/types';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Incident } from '../../src/core/incident.ts';
import { readString } from '../../src/core/json.ts';
import { blocksOf } from '../../src/handlers/content.ts';
import { renderRoot } from '../../src/notifications/reports/root.ts';
import { systemClock } from '../../src/platform/system/clock.ts';
import { putAlerts } from '../support/alert-world.ts';
import { openClient } from '../support/bolt-app.ts';
import { crashLoopOf, createDeskWorld, type DeskWorld, openBot, openDesk } from '../support/desk.ts';
import { useLocalSlack } from '../support/local-slack.ts';

const slack = useLocalSlack();
let world: DeskWorld;

let now = Date.now();

/** A view such as the bot makes, whose metadata a test may choose. */
const base: ModalView = {
  type: 'modal',
  callback_id: 'action-form',
  title: { type: 'plain_text', text: 'Old' },
  submit: { type: 'plain_text', text: 'Propose' },
  blocks: [{ type: 'divider' }],
};

beforeEach(async () => {
  now = Date.now();
  world = createDeskWorld({ clock: { ...systemClock, now: () => now } });
  openBot(slack.current, world, { clock: world.ops.clock });
  await slack.current.waitForConnections(1);
});

/** An incident and its message. */
async function postIncident() {
  const incident = await world.registry.observe(crashLoopOf(world.checkout));
  return { incident, ts: await postRoot(incident) };
}

/** Posts the message of an incident as the outbox does. */
async function postRoot(incident: Incident): Promise<string> {
  const root = renderRoot({ incident, proposals: [], executions: [] });
  const posted = await openClient(slack.current).chat.postMessage({
    channel: 'C_OPS',
    text: root.text,
    blocks: blocksOf(root),
  });
  const ts = posted.ts ?? '';
  const entries = { root: { ts, digest: 'x' } };
  await world.deliveries.write(incident.id, { channel: 'C_OPS', version: 1, entries });
  return ts;
}

async function openForm(user: string, ts: string, textIncludes = 'What should be done?') {
  const outcome = await slack.current.click({ user, channel: 'C_OPS', ts, buttonText: 'Do something…' });
  expect(outcome.ok).toBe(true);
  return await slack.current.waitForView(user, { textIncludes });
}

async function choose(user: string, title: string, textIncludes = '[Propose]') {
  const view = await slack.current.waitForView(user, { textIncludes: 'What should be done?' });
  await slack.current.click({ user, viewId: view.id, actionId: 'form:action', value: title });
  return await slack.current.waitForView(user, { textIncludes });
}

const submit = (user: string, values = {}) => slack.current.submit({ user, values });
const proposals = () => world.ops.proposals.recent(10);

describe('the form of an incident', () => {
  it('offers what fits its subject, asks for what the action needs, and proposes it', async () => {
    const { incident, ts } = await postIncident();
    const shown = slack.current.viewTranscript(await openForm('U_BEN', ts));
    expect(shown).toContain('Deployment shop/checkout');
    expect(shown).toContain('Restart workload');
    expect(shown).not.toContain('Drain node');
    await choose('U_BEN', 'Scale workload', 'Replicas');
    await submit('U_BEN', { replicas: { value: '5' } });
    await slack.current.waitForView('U_BEN', { textIncludes: 'Proposed: Scale Deployment shop/checkout from 3 to 5' });
    const [proposal, ...others] = await proposals();
    expect(others).toEqual([]);
    expect(proposal).toMatchObject({
      incidentId: incident.id,
      state: 'awaiting-approval',
      origin: { surface: 'button', user: 'U_BEN' },
      plan: { target: world.checkout },
    });
    expect(world.executed).toEqual([]);
    expect(world.workloads.writes).toEqual([]);
  });

  it('an action that needs nothing more is sent at once, and the choice can be changed before', async () => {
    const { ts } = await postIncident();
    await openForm('U_BEN', ts);
    await choose('U_BEN', 'Scale workload', 'Replicas');
    const view = await choose('U_BEN', 'Restart workload', 'kubectl rollout restart');
    expect(slack.current.viewTranscript(view)).not.toContain('Replicas');
    await submit('U_BEN');
    await slack.current.waitForView('U_BEN', { textIncludes: 'Proposed: Restart' });
  });

  it('what the schema refuses stands under its input, and the form stays open', async () => {
    const { ts } = await postIncident();
    await openForm('U_BEN', ts);
    const view = await choose('U_BEN', 'Set resources', 'Memory');
    await submit('U_BEN', { memory: { value: 'lots' } });
    expect(slack.current.lastView('U_BEN')).toMatchObject({ id: view.id, errors: { memory: /quantity/ } });
  });

  it('sent twice at the same time, it proposes once', async () => {
    const { ts } = await postIncident();
    await openForm('U_BEN', ts);
    await choose('U_BEN', 'Scale workload', 'Replicas');
    const values = { replicas: { value: '5' } };
    await Promise.all([submit('U_BEN', values), submit('U_BEN', values)]);
    await slack.current.waitForView('U_BEN', { textIncludes: 'Proposed' });
    const [proposal, ...others] = await proposals();
    expect([proposal?.actionId, others]).toEqual(['scale-workload', []]);
  });

  it('a guardrail that denies it says so in the form, and nothing is proposed', async () => {
    const { ts } = await postIncident();
    await openForm('U_BEN', ts);
    await choose('U_BEN', 'Scale workload', 'Replicas');
    await submit('U_BEN', { replicas: { value: '11' } });
    await slack.current.waitForView('U_BEN', { textIncludes: 'the bound is 10 replicas' });
    expect(await proposals()).toEqual([]);
    expect(world.audit).toContainEqual(expect.objectContaining({ what: 'denied', who: 'U_BEN' }));
  });

  it('offers to silence alerts where some belong to the incident, and proposes that to the incident', async () => {
    const { ts: without } = await postIncident();
    const none = slack.current.viewTranscript(await openForm('U_BEN', without));
    expect(none).not.toContain('Silence alerts');
    const incident = await putAlerts(world, [{ pod: 'web-1' }]);
    const ts = await postRoot(incident);
    await openForm('U_BEN', ts, 'Silence alerts');
    await choose('U_BEN', 'Silence alerts', 'Duration');
    await submit('U_BEN', { duration: { value: '9d' } });
    expect(slack.current.lastView('U_BEN')).toMatchObject({ errors: { duration: /up to 7d/ } });
    await submit('U_BEN', { duration: { value: '2h' }, reason: { value: 'a release' } });
    await slack.current.waitForView('U_BEN', { textIncludes: 'Proposed: Silence PodsFailing of' });
    expect(await proposals()).toMatchObject([
      {
        incidentId: incident.id,
        actionId: 'silence-alerts',
        state: 'awaiting-approval',
        plan: { target: { kind: 'Incident', namespace: 'shop', name: incident.id } },
      },
    ]);
    expect(world.alertmanager.writes).toEqual([]);
  });

  it('says where there is no action for the subject', async () => {
    const subject = { kind: 'Namespace', namespace: '', name: 'shop' };
    const incident = await world.registry.observe({ ...crashLoopOf(world.checkout), subject, kind: 'stuck-namespace' });
    const ts = await postRoot(incident);
    const view = await openForm('U_BEN', ts, 'no action for a Namespace');
    expect(slack.current.viewTranscript(view)).not.toContain('[Propose]');
  });
});

describe('a form that may not be used', () => {
  it.each([
    ['U_GUS', 'guests'],
    ['U_EVE', 'another Slack workspace'],
  ])('is not opened for %s: %s', async (user, words) => {
    const { ts } = await postIncident();
    await openForm(user, ts, words);
    expect(world.audit).toContainEqual(expect.objectContaining({ what: 'unauthorised', who: user }));
  });

  it('is not opened for somebody without the role', async () => {
    const { incident, ts } = await postIncident();
    const visitor = { userId: 'U_DEE', teamId: 'T0LOCAL' };
    const desk = openDesk(world, {
      describe: async (id) => ({ id, kind: 'member', teamIds: ['T0LOCAL'], groups: [] }),
    });
    const view = await desk.form(incident.id, { visitor, value: undefined, place: { channel: 'C_OPS', ts } });
    expect(JSON.stringify(view)).toContain('needs the operator role');
    expect(JSON.stringify(view)).not.toContain('Restart workload');
  });

  it('is judged by the role of the one who sends it, when it is sent', async () => {
    const { ts } = await postIncident();
    await openForm('U_BEN', ts);
    await choose('U_BEN', 'Restart workload');
    for (let tries = 0; tries < 3; tries += 1) slack.current.faults.failNext('users.info');
    now += 61_000;
    await submit('U_BEN');
    await slack.current.waitForView('U_BEN', { textIncludes: 'cannot be checked now' });
    expect(await proposals()).toEqual([]);
  });

  it('is over with its incident', async () => {
    const { incident, ts } = await postIncident();
    await openForm('U_BEN', ts);
    await choose('U_BEN', 'Restart workload');
    await world.registry.note(incident.id, { at: 1, kind: 'resolved', text: 'over' }, { resolved: true });
    await submit('U_BEN');
    await slack.current.waitForView('U_BEN', { textIncludes: 'has changed since this form was opened: it is over' });
    await openForm('U_BEN', ts, 'This incident is over');
    expect(await proposals()).toEqual([]);
  });

  it('is outdated once somebody else proposed something', async () => {
    const { ts } = await postIncident();
    for (const user of ['U_BEN', 'U_CHI']) {
      await openForm(user, ts);
      await choose(user, 'Restart workload');
    }
    await submit('U_CHI');
    await slack.current.waitForView('U_CHI', { textIncludes: 'Proposed' });
    await submit('U_BEN');
    await slack.current.waitForView('U_BEN', { textIncludes: 'has changed since this form was opened' });
    expect(await proposals()).toHaveLength(1);
  });

  it('belongs to the one who opened it', async () => {
    const { ts } = await postIncident();
    const own = await openForm('U_BEN', ts);
    const foreign = await openForm('U_CHI', ts);
    const client = openClient(slack.current);
    const metadata = readString(own.definition, 'private_metadata');
    const view = { ...base, private_metadata: `${metadata}:restart-workload` };
    await client.views.update({ view_id: foreign.id, view });
    await submit('U_CHI');
    await slack.current.waitForView('U_CHI', { textIncludes: 'opened by somebody else' });
    expect(await proposals()).toEqual([]);
  });

  it.each([
    ['an unknown form', 'zzzzzzzzzzzzzzzz:restart-workload'],
    ['an action that is not about its target', ':drain-node'],
    ['garbage', '{"action": "restart-workload"}'],
  ])('says that it is outdated: %s', async (_what, metadata) => {
    const { ts } = await postIncident();
    const open = await openForm('U_BEN', ts);
    const id = metadata.startsWith(':') ? readString(open.definition, 'private_metadata') : '';
    const view = { ...base, private_metadata: `${id}${metadata}` };
    await openClient(slack.current).views.update({ view_id: open.id, view });
    await submit('U_BEN');
    await slack.current.waitForView('U_BEN', { textIncludes: 'another version of Lifeguard' });
    expect(await proposals()).toEqual([]);
  });
});

describe('a command that was typed without what it needs', () => {
  const command = (words: string) => slack.current.command({ user: 'U_BEN', channel: 'C_OPS', text: `/kube ${words}` });

  it('opens the form for its target instead of telling how to type it', async () => {
    await command('scale shop/checkout');
    const view = await slack.current.waitForView('U_BEN', { textIncludes: 'Replicas' });
    expect(slack.current.viewTranscript(view)).not.toContain('What should be done?');
    await submit('U_BEN', { replicas: { value: '4' } });
    await slack.current.waitForView('U_BEN', { textIncludes: 'Proposed: Scale Deployment shop/checkout from 3 to 4' });
    const [proposal] = await proposals();
    expect(proposal).toMatchObject({ origin: { surface: 'button', user: 'U_BEN' }, plan: { target: world.checkout } });
    expect((await world.registry.open()).map(({ id }) => id)).toEqual([proposal?.incidentId]);
    expect(slack.current.messages('C_OPS')).toEqual([]);
  });

  it('where everything may be left out but not all of it, says so in the form', async () => {
    await command('resources checkout');
    await slack.current.waitForView('U_BEN', { textIncludes: 'Memory request' });
    await submit('U_BEN');
    expect(slack.current.lastView('U_BEN')?.errors).toEqual({
      container: expect.stringContaining('Name what is to change'),
    });
  });

  it('is told how to type it where Slack opens nothing, and in a mention', async () => {
    for (let tries = 0; tries < 3; tries += 1) slack.current.faults.failNext('views.open');
    await command('scale checkout');
    const answer = await slack.current.waitForMessage({ channel: 'C_OPS', ephemeralTo: 'U_BEN' });
    expect(answer.text).toContain('scale <workload> <replicas>');
    await slack.current.mention({ user: 'U_BEN', channel: 'C_OPS', text: 'scale checkout' });
    await slack.current.waitForMessage({ channel: 'C_OPS', textIncludes: '/kube scale <workload> <replicas>' });
    expect(slack.current.lastView('U_BEN')).toBeUndefined();
  });

  it('that is refused opens no thread', async () => {
    await command('scale dns');
    await slack.current.waitForView('U_BEN', { textIncludes: 'Replicas' });
    await submit('U_BEN', { replicas: { value: '4' } });
    await slack.current.waitForView('U_BEN', { textIncludes: 'protected namespace' });
    expect(await world.registry.open()).toEqual([]);
  });
});
