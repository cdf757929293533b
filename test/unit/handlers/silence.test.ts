import { describe, expect, it } from 'vitest';
import type { People } from '../../../src/core/ports/people.ts';
import { createDesk } from '../../../src/handlers/desk.ts';
import { approve } from '../../../src/ops/approve.ts';
import { putAlerts } from '../../support/alert-world.ts';
import { createDeskWorld } from '../../support/desk.ts';
import { createTickingClock } from '../../support/fakes/clock.ts';
import { runToEnd } from '../../support/rollback-world.ts';

const member = (id: string): People => ({
  describe: async () => ({ id, kind: 'member', teamIds: ['T0LOCAL'], groups: [] }),
});

const start = Date.parse('2026-11-23T12:00:00Z');

/** A desk with an incident that two alerts belong to, and a third that is none of its. */
async function openWorld(options: { readonly configured?: boolean; readonly userId?: string } = {}) {
  const { configured = true, userId = 'U_BEN' } = options;
  const world = createDeskWorld({ clock: createTickingClock(start) });
  const ops = configured ? world.ops : { ...world.ops, alertmanager: undefined };
  const incident = await putAlerts(world, [{ pod: 'web-1' }, { pod: 'web-2' }], [{ pod: 'other' }]);
  const desk = createDesk({
    ...world.context,
    ops,
    people: member(userId),
    workspace: { teamId: 'T0LOCAL' },
  });
  const place = { channel: 'C_OPS', ts: '1.000002', thread: '1.000001' };
  await world.deliveries.write(incident.id, {
    channel: 'C_OPS',
    version: 1,
    entries: { root: { ts: place.thread, digest: 'x' } },
  });
  const visitor = { userId, teamId: 'T0LOCAL' };
  async function ask(text: string, where?: 'in its thread'): Promise<string> {
    const { message } = await desk.command({ visitor, text, ...(where === undefined ? {} : { place }) });
    return message.text;
  }
  const read = async () => {
    const found = await world.ops.incidents.get(incident.id);
    if (found === undefined) throw new Error('no incident');
    return found;
  };
  /** Somebody presses Approve on the newest card, and it is carried out. */
  async function carryOut() {
    const proposalId = (await read()).proposalIds.at(-1) ?? '';
    await approve({ proposalId, user: 'U_CHI' }, world.ops);
    await runToEnd(proposalId, world.ops);
    return world.ops.executions.get(proposalId);
  }
  return { ...world, incident, ask, read, carryOut };
}

describe('silence', () => {
  it('is proposed first; once approved it covers the alerts of the incident and no other, and is told', async () => {
    const { ask, alertmanager, incident, read, carryOut, audit } = await openWorld();
    const answer = await ask(`silence ${incident.id} 2h deploying a fix`);
    expect(answer).toContain(`Proposed: Silence PodsFailing of ${incident.id} in Alertmanager for 2h.`);
    expect(alertmanager.asked()).toEqual([]);
    expect(await carryOut()).toMatchObject({ phase: 'proven' });
    const [silence, ...more] = alertmanager.asked();
    expect(more).toEqual([]);
    expect(silence).toMatchObject({
      matchers: [
        { name: 'alertname', value: 'PodsFailing', isRegex: false },
        { name: 'pod', value: 'web-1|web-2', isRegex: true },
      ],
      createdBy: 'lifeguard for U_BEN',
      comment: expect.stringMatching(new RegExp(`^${incident.id} .*: deploying a fix \\[\\w+-apply-0\\]$`)),
    });
    const after = await read();
    expect(after.silences).toEqual([{ id: silence?.id, name: 'PodsFailing', until: silence?.endsAt }]);
    expect(after.timeline.map(({ text }) => text)).toContain(
      'alert PodsFailing is silenced until 2026-11-23 14:00 UTC (deploying a fix).',
    );
    expect(audit.map(({ what, who }) => [what, who])).toEqual([
      ['proposed', 'U_BEN'],
      ['approved', 'U_CHI'],
      ['applied', 'U_CHI'],
      ['proven', 'lifeguard'],
    ]);
  });

  it('needs no name in the thread of the incident', async () => {
    const { ask, incident, carryOut, alertmanager } = await openWorld();
    expect(await ask('silence 30m because of the release', 'in its thread')).toContain(`of ${incident.id}`);
    await carryOut();
    expect(alertmanager.asked()[0]?.comment).toContain(': because of the release [');
    expect(await ask('unsilence', 'in its thread')).toContain('Proposed: Lift the silence');
    expect(await ask(`silence ${incident.id} 30m`, 'in its thread')).toContain('Proposed: Silence');
  });

  it('tells neither Alertmanager nor the thread a secret that somebody gives as the reason', async () => {
    const { ask, alertmanager, incident, carryOut, read } = await openWorld();
    await ask(`silence ${incident.id} 2h the new password=hunter2 is wrong`);
    await carryOut();
    expect(alertmanager.asked()[0]?.comment).toContain('the new password=[redacted:password] is wrong');
    expect(JSON.stringify(await read())).not.toContain('hunter2');
  });

  it('is lifted by its own action, once', async () => {
    const { ask, alertmanager, incident, read, carryOut } = await openWorld();
    await ask(`silence ${incident.id} 90m`);
    await carryOut();
    expect(await ask(`unsilence ${incident.id}`)).toContain('Proposed: Lift the silence of PodsFailing');
    expect((await read()).silences).toHaveLength(1);
    expect(await carryOut()).toMatchObject({ phase: 'proven' });
    const after = await read();
    expect(after.silences).toEqual([]);
    expect(after.timeline.map(({ text }) => text)).toContain('alert PodsFailing is no longer silenced.');
    expect(alertmanager.writes.map((write) => write.split(' ')[0])).toEqual(['silence', 'lift']);
    expect(await ask(`unsilence ${incident.id}`)).toContain('is silenced from here');
  });

  it('that has ended by itself needs no lifting', async () => {
    const { ask, alertmanager, incident, read, carryOut } = await openWorld();
    await ask(`silence ${incident.id} 1h`);
    await carryOut();
    await alertmanager.lift((await read()).silences[0]?.id ?? '');
    expect(await ask(`unsilence ${incident.id}`)).toContain('No alert of');
  });

  it.each([
    ['no duration', ''],
    ['a duration nobody understands', 'soon'],
    ['no time at all', '0h'],
    ['more than a week', '8d'],
  ])('asks back for %s, and says how it is typed', async (_what, words) => {
    const { ask, incident, read } = await openWorld();
    const answer = await ask(`silence ${incident.id} ${words}`);
    expect(answer).toContain(
      '`/kube silence <incident> <duration> [reason]`. How long: `90m`, `2h` or `1d`; up to 7d.',
    );
    expect((await read()).proposalIds).toEqual([]);
  });

  it('asks back for the incident', async () => {
    const { ask } = await openWorld();
    expect(await ask('silence 2h')).toContain('There is no incident `2h`.');
    expect(await ask('silence inc-nothere 2h')).toContain('There is no incident inc-nothere.');
  });

  it('says how to configure an Alertmanager where there is none', async () => {
    const { ask, incident } = await openWorld({ configured: false });
    expect(await ask(`silence ${incident.id} 2h`)).toContain('set `alertmanager.url` in lifeguard.yaml');
    expect(await ask(`unsilence ${incident.id}`)).toContain('set `alertmanager.url` in lifeguard.yaml');
  });

  it('is among what may be done about the incident, as far as people want it', async () => {
    const { ask, incident } = await openWorld();
    const answer = await ask(`guardrails ${incident.id}`);
    expect(answer).toContain('Silence alerts: on request');
    expect(answer).toContain('Lift silences: not possible');
    expect(await ask('guardrails pay/till')).not.toContain('Silence alerts');
  });

  it('is not for viewers', async () => {
    const { ask, incident, read } = await openWorld({ userId: 'U_DAN' });
    expect(await ask(`silence ${incident.id} 2h`)).toContain('operator');
    expect(await ask(`unsilence ${incident.id}`)).toContain('operator');
    expect((await read()).proposalIds).toEqual([]);
  });
});
