import { describe, expect, it } from 'vitest';
import type { People } from '../../../src/core/ports/people.ts';
import { crashLoopOf, createDeskWorld, openDesk } from '../../support/desk.ts';
import { createSteppedClock } from '../../support/fakes/clock.ts';

const member = (id: string): People => ({
  describe: async () => ({ id, kind: 'member', teamIds: ['T0LOCAL'], groups: [] }),
});

const counted = /^lifeguard_(\w+)_total\{detector="crash-loop",kind="crash-loop",verdict="([a-z-]+)"\} (\d+)$/gm;

async function openWorld() {
  const clock = createSteppedClock(1_800_000_000_000);
  const world = createDeskWorld({ clock });
  const incident = await world.registry.observe(crashLoopOf(world.checkout));
  await world.deliveries.write(incident.id, {
    channel: 'C_OPS',
    version: 1,
    entries: { root: { ts: '1.000001', digest: 'x' } },
  });
  const visitor = (userId: string) => ({ userId, teamId: 'T0LOCAL' });
  async function ask(text: string, userId = 'U_BEN'): Promise<string> {
    const desk = openDesk(world, member(userId));
    const place = { channel: 'C_OPS', ts: '1.000009', thread: '1.000001' };
    return (await desk.command({ visitor: visitor(userId), text, place })).message.text;
  }
  async function choose(value: string, { userId = 'U_BEN', ts = '1.000001' } = {}): Promise<string> {
    const desk = openDesk(world, member(userId));
    return (await desk.menu({ visitor: visitor(userId), value, place: { channel: 'C_OPS', ts } })).text;
  }
  const newest = async () => (await world.ops.incidents.get(incident.id)) ?? incident;
  return { ...world, clock, incident, ask, choose, newest };
}

describe('looking after an incident by words', () => {
  it('in its thread needs no id', async () => {
    const { ask, newest, audit } = await openWorld();
    expect(await ask('ack')).toContain('You have it');
    expect((await newest()).attention.acknowledged?.by).toBe('U_BEN');
    expect(audit.at(-1)).toMatchObject({ what: 'acknowledge', who: 'U_BEN' });
  });

  it('assigns to a mentioned person, with or without a name in the mention, or to oneself', async () => {
    const { ask, newest, incident } = await openWorld();
    expect(await ask(`assign ${incident.id} <@U_ANA|ana>`)).toBe('Assigned.');
    expect((await newest()).attention.assignee).toBe('U_ANA');
    await ask('assign <@U_CHI>');
    expect((await newest()).attention.assignee).toBe('U_CHI');
    await ask('assign me');
    expect((await newest()).attention.assignee).toBe('U_BEN');
    expect(await ask(`assign ${incident.id} ana`)).toContain('To whom?');
  });

  it('snoozes for as long as is said, with a reason', async () => {
    const { ask, newest, clock } = await openWorld();
    expect(await ask('snooze 2h waiting for the database team')).toContain('Snoozed');
    expect((await newest()).attention.snoozedUntil).toBe(clock.now() + 7_200_000);
    expect((await newest()).timeline.at(-1)?.text).toBe('waiting for the database team');
    expect(await ask('snooze soon')).toContain('For how long?');
    expect(await ask('snooze 30d')).toContain('For how long?');
  });

  it('closes and reopens', async () => {
    const { ask, newest } = await openWorld();
    expect(await ask('resolve it is the load test')).toContain('Closed');
    expect((await newest()).attention.dismissed?.by).toBe('U_BEN');
    expect(await ask('ack')).toContain('reopen it first');
    expect(await ask('reopen')).toBe('Open again.');
    expect(await ask('reopen')).toContain('is open');
  });

  it('needs a role, and an incident that exists', async () => {
    const { ask, newest } = await openWorld();
    expect(await ask('ack', 'U_NEW')).toContain('operator role');
    expect((await newest()).attention.acknowledged).toBeUndefined();
    expect(await ask('ack inc-unknown')).toContain('There is no incident');
  });
});

describe('the menu of an incident', () => {
  it.each([
    ['acknowledge', 'You have it'],
    ['assign', 'Assigned'],
    ['snooze', 'Snoozed'],
    ['resolve', 'Closed'],
    ['useful', 'noted as useful'],
    ['false-alarm', 'noted as a false alarm'],
  ])('%s', async (verb, answer) => {
    const { choose, incident } = await openWorld();
    expect(await choose(`${verb}:${incident.id}`)).toContain(answer);
  });

  it('counts what people think by detector: once, and rightly where somebody thinks again', async () => {
    const { choose, incident, telemetry, newest } = await openWorld();
    const count = async (what: string) =>
      Object.fromEntries(
        [...(await telemetry.render()).body.matchAll(counted)]
          .filter(([, name]) => name === what)
          .map(([, , verdict = '', value]) => [verdict, Number(value)]),
      );
    for (const verdict of ['useful', 'useful', 'false-alarm', 'false-alarm'])
      await choose(`${verdict}:${incident.id}`, { userId: 'U_NEW' });
    await choose(`useful:${incident.id}`, { userId: 'U_ANA' });
    expect(await count('feedback')).toEqual({ useful: 2, 'false-alarm': 1 });
    expect(await count('feedback_withdrawn')).toEqual({ useful: 1, 'false-alarm': 0 });
    expect((await newest()).attention.feedback).toEqual({ U_NEW: 'false-alarm', U_ANA: 'useful' });
  });

  it('refuses who may not, other verbs, and menus of other messages', async () => {
    const { choose, incident, newest } = await openWorld();
    expect(await choose(`resolve:${incident.id}`, { userId: 'U_NEW' })).toContain('operator role');
    for (const value of [`delete:${incident.id}`, 'resolve', 'resolve:inc-other', ''])
      expect(await choose(value)).toContain('nothing was changed');
    expect(await choose(`resolve:${incident.id}`, { ts: '9.9' })).toContain('nothing was changed');
    expect((await newest()).attention.dismissed).toBeUndefined();
  });
});

describe('maintenance', () => {
  it('is announced, listed and ended', async () => {
    const { ask } = await openWorld();
    expect(await ask('maintenance')).toContain('No maintenance');
    expect(await ask('maintenance shop 2h new <database>')).toContain('nobody is told of what begins in shop');
    expect(await ask('maintenance')).toContain('shop until');
    expect(await ask('maintenance')).toContain('new &lt;database&gt;');
    expect(await ask('maintenance shop end')).toContain('is over');
    expect(await ask('maintenance')).toContain('No maintenance');
    for (const wrong of ['maintenance shop', 'maintenance Shop! 2h', 'maintenance shop 30d'])
      expect(await ask(wrong)).toContain('maintenance <namespace> <2h>');
  });
});
