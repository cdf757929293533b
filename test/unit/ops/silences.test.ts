import { describe, expect, it } from 'vitest';
import type { Incident } from '../../../src/core/incident.ts';
import { silenceAlerts } from '../../../src/ops/actions/silence-alerts.ts';
import { approve } from '../../../src/ops/approve.ts';
import type { OpsContext } from '../../../src/ops/context.ts';
import { advanceExecution } from '../../../src/ops/execute.ts';
import {
  alertFinding,
  approveSilence,
  askSilence,
  fire,
  openSilenceWorld,
  putAlerts,
} from '../../support/alert-world.ts';
import type { DeskWorld } from '../../support/desk.ts';
import { runToEnd } from '../../support/rollback-world.ts';

function plan(incident: Incident, ops: OpsContext, words: { duration?: string; reason?: string } = {}) {
  const target = { kind: 'Incident', namespace: incident.subject.namespace, name: incident.id };
  return silenceAlerts.bind({ target, duration: '2h', ...words }).plan(ops);
}

describe('the plan of a silence', () => {
  it('names matchers, alerts, how long and until when, and writes nothing', async () => {
    const world = openSilenceWorld();
    const incident = await putAlerts(world, [{ pod: 'web-1' }, { pod: 'web-2' }], [{ pod: 'other' }]);
    const made = await plan(incident, world.ops, { reason: 'a release' });
    expect(made).toMatchObject({
      target: { kind: 'Incident', namespace: 'shop', name: incident.id },
      summary: `Silence PodsFailing of ${incident.id} in Alertmanager for 2h.`,
      blastRadius: expect.stringContaining('Alertmanager tells nobody of these 2 alerts'),
      risk: 'medium',
      diff: expect.stringMatching(
        /\+.*alertname="PodsFailing"[^]*\+.*pod=~"web-1\|web-2"[^]*\+.*until: 2026-11-23 14:00 UTC/,
      ),
      objects: [{ kind: 'Alert', namespace: 'shop', name: 'PodsFailing' }, expect.anything()],
    });
    expect(world.alertmanager.writes).toEqual([]);
  });

  it('stays the same while time passes, and is another one once another alert fires', async () => {
    const world = openSilenceWorld();
    const incident = await putAlerts(world, [{ pod: 'web-1' }]);
    const first = await plan(incident, world.ops);
    const second = await plan(incident, world.ops);
    const more = fire(world, [{ pod: 'web-2' }]);
    const alerts = [...(incident.finding?.alerts ?? []), ...more];
    await world.registry.observe({ ...alertFinding(world, alerts), occurrences: 9 });
    const third = await plan(incident, world.ops);
    expect([first, second, third].every((one) => !('refused' in one))).toBe(true);
    expect(second).toHaveProperty('basis', 'basis' in first ? first.basis : '');
    expect(third).not.toHaveProperty('basis', 'basis' in first ? first.basis : '');
  });

  it('names apart what is called differently, and says which alert cannot be named exactly', async () => {
    const world = openSilenceWorld();
    const incident = await putAlerts(world, [
      { alertname: 'A', pod: 'web-1' },
      { alertname: 'B', pod: 'web-1' },
      { alertname: 'C', query: `${'x'.repeat(1_023)}…` },
    ]);
    const made = await plan(incident, world.ops);
    expect(made).toMatchObject({
      summary: expect.stringContaining('Silence A, B of'),
      blastRadius: expect.stringContaining('Not silenced: C; its labels cannot be named exactly'),
    });
    expect('patch' in made ? made.patch : []).toHaveLength(2);
  });

  it.each([
    ['nothing fires', (world: DeskWorld) => world.alerts.take([]), [], 'so there is nothing to silence'],
    [
      'no alert can be named',
      () => Promise.resolve(),
      [{ query: `${'x'.repeat(1_023)}…` }],
      'Not silenced: PodsFailing',
    ],
  ])('is refused where %s', async (_what, change, alerts, words) => {
    const world = openSilenceWorld();
    const incident = await putAlerts(world, alerts);
    await change(world);
    expect(await plan(incident, world.ops)).toEqual({ refused: expect.stringContaining(words) });
  });

  it('is refused where there is no Alertmanager, or no such incident', async () => {
    const world = openSilenceWorld();
    const incident = await putAlerts(world, [{}]);
    expect(await plan(incident, { ...world.ops, alertmanager: undefined })).toEqual({
      refused: 'No Alertmanager is configured: set `alertmanager.url` in lifeguard.yaml.',
    });
    expect(await plan({ ...incident, id: 'inc-none' }, world.ops)).toEqual({
      refused: 'There is no incident inc-none.',
    });
  });

  it('changes between the card and the yes: the yes does not count, and a new card asks', async () => {
    const world = openSilenceWorld();
    const incident = await putAlerts(world, [{ pod: 'web-1' }]);
    const made = await askSilence(incident, world.ops);
    const more = fire(world, [{ pod: 'web-2' }]);
    const alerts = [...(incident.finding?.alerts ?? []), ...more];
    await world.registry.observe({ ...alertFinding(world, alerts), occurrences: 9 });
    const proposalId = 'proposal' in made ? made.proposal.id : '';
    expect(await approve({ proposalId, user: 'U_CHI' }, world.ops)).toEqual({
      held: expect.stringContaining('A new card follows'),
    });
  });
});

describe('a silence that is carried out', () => {
  it('is set once, however often it is applied, and ended by its undo', async () => {
    const world = openSilenceWorld();
    const incident = await putAlerts(world, [{ alertname: 'A' }, { alertname: 'B' }]);
    const made = await plan(incident, world.ops);
    if ('refused' in made) throw new Error(made.refused);
    const run = { plan: made, mark: 'x-apply', by: 'U_BEN' };
    await silenceAlerts.execute(run, world.ops);
    await silenceAlerts.execute(run, world.ops);
    expect(world.alertmanager.asked()).toHaveLength(2);
    const told = async () => (await world.ops.incidents.get(incident.id))?.timeline.map(({ kind }) => kind);
    expect((await told())?.filter((kind) => kind === 'silenced')).toHaveLength(2);
    await silenceAlerts.undo?.({ plan: made, mark: 'x-undo' }, world.ops);
    await silenceAlerts.undo?.({ plan: made, mark: 'x-undo' }, world.ops);
    expect((await world.alertmanager.silences()).map(({ state }) => state)).toEqual(['expired', 'expired']);
    expect((await told())?.filter((kind) => kind === 'unsilenced')).toHaveLength(2);
    expect((await world.ops.incidents.get(incident.id))?.silences).toEqual([]);
  });

  it('of several alerts leaves nothing behind where Alertmanager refuses one of them', async () => {
    const world = openSilenceWorld();
    const incident = await putAlerts(world, [{ alertname: 'A' }, { alertname: 'B' }]);
    const id = await approveSilence(incident, world.ops);
    const alertmanager: NonNullable<OpsContext['alertmanager']> = {
      ...world.alertmanager,
      silence(request) {
        if (world.alertmanager.asked().length === 1) world.alertmanager.refuseNext('too many silences');
        return world.alertmanager.silence(request);
      },
    };
    await runToEnd(id, { ...world.ops, alertmanager });
    expect(await world.ops.executions.get(id)).toMatchObject({
      phase: 'refused',
      outcome: expect.stringContaining('Not applied: Alertmanager refused (HTTP 400): too many silences'),
    });
    expect((await world.alertmanager.silences()).map(({ state }) => state)).toEqual(['expired']);
    expect((await world.ops.incidents.get(incident.id))?.silences).toEqual([]);
  });

  it('is not proven while Alertmanager is away, which is no reason to undo it', async () => {
    const world = openSilenceWorld();
    const incident = await putAlerts(world, [{}]);
    const id = await approveSilence(incident, world.ops);
    await advanceExecution(id, world.ops);
    await advanceExecution(id, world.ops);
    expect((await world.ops.executions.get(id))?.phase).toBe('verifying');
    world.alertmanager.lose();
    await runToEnd(id, world.ops);
    expect(await world.ops.executions.get(id)).toMatchObject({
      phase: 'unproven',
      verification: { verdict: 'unknown' },
    });
    expect(world.alertmanager.writes).toHaveLength(1);
  });

  it('is proven once it comes back, and set then where it was away before', async () => {
    const world = openSilenceWorld();
    const incident = await putAlerts(world, [{}]);
    const id = await approveSilence(incident, world.ops);
    await advanceExecution(id, world.ops);
    world.alertmanager.lose();
    await expect(advanceExecution(id, world.ops)).rejects.toMatchObject({ code: 'alertmanager-unreachable' });
    world.alertmanager.find();
    await runToEnd(id, world.ops);
    expect(await world.ops.executions.get(id)).toMatchObject({ phase: 'proven' });
    expect(world.alertmanager.writes).toHaveLength(1);
  });

  it('that does not cover its alerts has not helped, and is ended', async () => {
    const world = openSilenceWorld();
    const incident = await putAlerts(world, [{}]);
    const id = await approveSilence(incident, world.ops);
    const firing = async () => new Map([...(await world.alertmanager.firing())].map(([print]) => [print, []]));
    await runToEnd(id, { ...world.ops, alertmanager: { ...world.alertmanager, firing } });
    expect(await world.ops.executions.get(id)).toMatchObject({
      phase: 'undone',
      verification: { verdict: 'unchanged' },
    });
    expect((await world.alertmanager.silences()).map(({ state }) => state)).toEqual(['expired']);
  });

  it('that somebody ends meanwhile has not held; no waiting brings it back', async () => {
    const world = openSilenceWorld();
    const incident = await putAlerts(world, [{}]);
    const id = await approveSilence(incident, world.ops);
    await advanceExecution(id, world.ops);
    await advanceExecution(id, world.ops);
    await world.alertmanager.lift('silence-1');
    await advanceExecution(id, world.ops);
    expect(await world.ops.executions.get(id)).toMatchObject({
      verification: {
        verdict: 'unchanged',
        sentence: expect.stringContaining('no silence (any more) for PodsFailing'),
      },
    });
  });
});
