import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../src/core/alert.ts';
import type { SilenceRequest } from '../../../src/core/ports/alertmanager.ts';
import type { People } from '../../../src/core/ports/people.ts';
import { createDesk } from '../../../src/handlers/desk.ts';
import { aFinding } from '../../support/builders.ts';
import { createDeskWorld } from '../../support/desk.ts';
import { createSteppedClock } from '../../support/fakes/clock.ts';

const member = (id: string): People => ({
  describe: async () => ({ id, kind: 'member', teamIds: ['T0LOCAL'], groups: [] }),
});

function anAlert(fingerprint: string, labels: Readonly<Record<string, string>>): Alert {
  const said = { summary: '', description: '', startsAt: 0, heardAt: 0, repeats: 1 };
  return { fingerprint, state: 'firing', labels: { alertname: 'PodsFailing', ...labels }, ...said };
}

/** A desk with an incident that two alerts belong to, and an Alertmanager that only remembers. */
async function openWorld(options: { readonly configured?: boolean; readonly userId?: string } = {}) {
  const { configured = true, userId = 'U_BEN' } = options;
  const clock = createSteppedClock();
  const world = createDeskWorld({ clock });
  const asked: SilenceRequest[] = [];
  const lifted: string[] = [];
  const alerts = [anAlert('a', { pod: 'web-1' }), anAlert('b', { pod: 'web-2' }), anAlert('c', { pod: 'other' })];
  const alertmanager = {
    silence: async (request: SilenceRequest) => `silence-${asked.push(request)}`,
    lift: async (id: string) => void lifted.push(id),
  };
  const finding = aFinding({ kind: 'alert/PodsFailing', reportedBy: 'alertmanager', alerts: ['a', 'b'] });
  const incident = await world.registry.observe(finding);
  const desk = createDesk({
    ...world.context,
    people: member(userId),
    workspace: { teamId: 'T0LOCAL' },
    silencing: configured ? { board: { all: async () => alerts }, alertmanager } : undefined,
  });
  async function ask(text: string): Promise<string> {
    const { message } = await desk.command({ visitor: { userId, teamId: 'T0LOCAL' }, text });
    return message.text;
  }
  return { ...world, clock, alerts, asked, lifted, incident, ask };
}

describe('silence', () => {
  it('covers the alerts of the incident and no other, says until when, and is on record', async () => {
    const { ask, asked, incident, clock, ops, audit } = await openWorld();
    const answer = await ask(`silence ${incident.id} 2h deploying a fix`);
    expect(answer).toContain('Silenced PodsFailing until');
    expect(answer).toContain(`/kube unsilence ${incident.id}`);
    expect(asked).toEqual([
      {
        matchers: [
          { name: 'alertname', value: 'PodsFailing', isRegex: false },
          { name: 'pod', value: 'web-1|web-2', isRegex: true },
        ],
        startsAt: clock.now(),
        endsAt: clock.now() + 2 * 3_600_000,
        createdBy: 'lifeguard for U_BEN',
        comment: `${incident.id} ${incident.title}: deploying a fix`,
      },
    ]);
    const after = await ops.incidents.get(incident.id);
    expect(after?.silences).toEqual([{ id: 'silence-1', name: 'PodsFailing', until: clock.now() + 2 * 3_600_000 }]);
    expect(after?.timeline.at(-1)?.text).toBe(
      'alert PodsFailing is silenced until 2026-11-23 14:00 UTC (deploying a fix).',
    );
    expect(audit.at(-1)).toMatchObject({ what: 'silenced', who: 'U_BEN' });
  });

  it('tells Alertmanager no secret that somebody gives as the reason', async () => {
    const { ask, asked, incident } = await openWorld();
    await ask(`silence ${incident.id} 2h the new password=hunter2 is wrong`);
    expect(JSON.stringify(asked)).toContain('the new password=[redacted:password] is wrong');
  });

  it('is lifted, once', async () => {
    const { ask, lifted, incident, ops } = await openWorld();
    await ask(`silence ${incident.id} 90m`);
    expect(await ask(`unsilence ${incident.id}`)).toContain('Lifted: PodsFailing');
    expect(lifted).toEqual(['silence-1']);
    expect((await ops.incidents.get(incident.id))?.silences).toEqual([]);
    expect(await ask(`unsilence ${incident.id}`)).toContain('is silenced from here');
  });

  it('that has ended by itself needs no lifting', async () => {
    const { ask, lifted, incident, clock } = await openWorld();
    await ask(`silence ${incident.id} 1h`);
    clock.advance(3_600_001);
    expect(await ask(`unsilence ${incident.id}`)).toContain('No alert of');
    expect(lifted).toEqual([]);
  });

  it.each([
    ['no duration', '', 'For how long?'],
    ['a duration nobody understands', 'soon', 'For how long?'],
    ['no time at all', '0h', 'For how long?'],
    ['more than a week', '8d', 'up to 7d'],
  ])('asks back for %s', async (_what, words, expected) => {
    const { ask, asked, incident } = await openWorld();
    expect(await ask(`silence ${incident.id} ${words}`)).toContain(expected);
    expect(asked).toEqual([]);
  });

  it('asks back for the incident', async () => {
    const { ask } = await openWorld();
    expect(await ask('silence 2h')).toContain('Which incident?');
    expect(await ask('silence inc-nothere 2h')).toContain('There is no incident `inc-nothere`.');
  });

  it('says so where nothing fires', async () => {
    const { ask, asked, alerts, incident } = await openWorld();
    alerts.splice(0);
    expect(await ask(`silence ${incident.id} 2h`)).toContain('nothing to silence');
    expect(asked).toEqual([]);
  });

  it('says which alert it cannot name exactly', async () => {
    const { ask, asked, alerts, incident } = await openWorld();
    alerts.splice(0, 3, anAlert('a', { query: `${'x'.repeat(1_023)}…` }));
    expect(await ask(`silence ${incident.id} 2h`)).toContain('Not silenced: PodsFailing');
    expect(asked).toEqual([]);
  });

  it('says how to configure an Alertmanager where there is none', async () => {
    const { ask, incident } = await openWorld({ configured: false });
    expect(await ask(`silence ${incident.id} 2h`)).toContain('alertmanager.url');
    expect(await ask(`unsilence ${incident.id}`)).toContain('alertmanager.url');
  });

  it('is not for viewers', async () => {
    const { ask, asked, incident } = await openWorld({ userId: 'U_DAN' });
    expect(await ask(`silence ${incident.id} 2h`)).toContain('operator');
    expect(asked).toEqual([]);
  });
});
