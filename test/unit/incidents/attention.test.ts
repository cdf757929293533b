import { describe, expect, it } from 'vitest';
import { Attention } from '../../../src/core/attention.ts';
import type { Escalation } from '../../../src/core/escalation.ts';
import type { Incident } from '../../../src/core/incident.ts';
import { attend, type Decision, decide, quieten, rouse } from '../../../src/incidents/attention.ts';
import { aFinding, anIncident } from '../../support/builders.ts';
import { now } from '../../support/views.ts';

const minute = 60_000;

const escalation: Escalation = {
  severities: ['critical'],
  steps: [
    { waitMs: 5 * minute, call: { group: 'S_ONCALL' } },
    { waitMs: 10 * minute, call: { pager: true } },
    { waitMs: 10 * minute, call: { channel: 'C_LEADS' } },
  ],
  repeat: 1,
  remindMs: 240 * minute,
};

function decided(incident: Incident, decision: Decision, at = now, by = 'U_BEN'): Incident {
  const outcome = decide(incident, decision, { by, now: at });
  if ('refused' in outcome) throw new Error(outcome.refused);
  return outcome.incident;
}

/** What is due within so many minutes, looked at every 15 s as the sweep does. */
function pass(incident: Incident, minutes: number, from = now): Incident {
  let current = incident;
  for (let at = from; at <= from + minutes * minute; at += 15_000) current = attend(current, escalation, at);
  return current;
}

const calls = ({ timeline }: Incident) => timeline.filter(({ kind }) => kind === 'called').map(({ call }) => call);
const last = ({ timeline }: Incident) => timeline.at(-1);

describe('an incident that nobody acknowledges', () => {
  it('calls one after the other, and begins anew as often as is said', () => {
    expect(calls(pass(anIncident(), 4))).toEqual([]);
    const incident = pass(anIncident(), 26);
    expect(calls(incident)).toEqual([{ group: 'S_ONCALL' }, { pager: true }, { channel: 'C_LEADS' }]);
    expect(last(incident)?.text).toBe('Nobody has acknowledged it for 25 min.');
    expect(incident.attention).toMatchObject({ paged: true, channels: ['C_LEADS'] });
    expect(calls(pass(anIncident(), 300))).toHaveLength(6);
  });

  it('calls nobody where its severity, or its namespace, has no escalation', () => {
    expect(calls(pass(anIncident({ severity: 'warning' }), 300))).toEqual([]);
    expect(attend(anIncident(), undefined, now + 300 * minute).timeline).toEqual(anIncident().timeline);
  });

  it('calls nobody while Lifeguard is at work on it, and goes on when that has ended', () => {
    expect(calls(pass(anIncident({ executing: true }), 60))).toEqual([]);
    expect(calls(pass(anIncident(), 6, now))).toHaveLength(1);
  });

  it('gives the same object back where nothing is due', () => {
    const incident = anIncident();
    expect(attend(incident, escalation, now + minute)).toBe(incident);
  });
});

describe('a person who acknowledges', () => {
  it('stops the calls, and is reminded where it stays open', () => {
    const incident = decided(anIncident(), { do: 'acknowledge' }, now + 2 * minute);
    expect(calls(pass(incident, 239, now + 2 * minute))).toEqual([]);
    const reminded = pass(incident, 241, now + 2 * minute);
    expect(calls(reminded)).toEqual([{ user: 'U_BEN' }]);
    expect(last(reminded)?.text).toBe('Acknowledged 4 h ago and still open.');
  });

  it('may give it to somebody, who is called with it and reminded from then on', () => {
    const incident = decided(anIncident(), { do: 'assign', to: 'U_ANA' });
    expect(last(incident)).toMatchObject({ kind: 'assigned', by: 'U_BEN', call: { user: 'U_ANA' } });
    expect(calls(pass(incident, 241))).toEqual([{ user: 'U_ANA' }]);
  });

  it('once is enough', () => {
    const incident = decided(anIncident(), { do: 'acknowledge' });
    expect(decide(incident, { do: 'acknowledge' }, { by: 'U_ANA', now })).toEqual({
      refused: 'inc-k3v9x2m1 is already acknowledged.',
    });
  });
});

describe('a snooze', () => {
  const snoozed = () => decided(anIncident(), { do: 'snooze', until: now + 60 * minute, reason: 'known' });

  it('keeps everybody quiet until its end; then the calls begin anew', () => {
    expect(calls(pass(snoozed(), 59))).toEqual([]);
    const awake = pass(snoozed(), 66);
    expect(awake.timeline.map(({ kind }) => kind)).toEqual(['opened', 'snoozed', 'woken', 'called']);
  });

  it('ends when it gets worse', () => {
    const before = { ...snoozed(), severity: 'warning' as const };
    const after = rouse(before, { ...before, severity: 'critical' }, now + minute);
    expect(after.attention.snoozedUntil).toBeUndefined();
    expect(last(after)?.text).toBe('It got worse: critical now.');
  });

  it('is lifted by reopening', () => {
    expect(decided(snoozed(), { do: 'reopen' }).attention.snoozedUntil).toBeUndefined();
  });
});

describe('closing by hand', () => {
  const closed = () => decided(anIncident(), { do: 'resolve', reason: 'a test' });

  it('calls nobody any more, while it still holds', () => {
    expect(closed()).toMatchObject({ state: 'open', attention: { dismissed: { by: 'U_BEN' } } });
    expect(last(closed())).toMatchObject({ kind: 'dismissed', by: 'U_BEN', text: 'a test' });
    expect(calls(pass(closed(), 600))).toEqual([]);
  });

  it('is refused while a change is under way, and where it is over anyway', () => {
    const refusal = (incident: Incident) => decide(incident, { do: 'resolve' }, { by: 'U_BEN', now });
    expect(refusal(anIncident({ executing: true }))).toHaveProperty('refused');
    expect(refusal(anIncident({ state: 'resolved' }))).toHaveProperty('refused');
    expect(decide(closed(), { do: 'acknowledge' }, { by: 'U_ANA', now })).toHaveProperty('refused');
  });

  it('is undone by a person, by its getting worse, and by its coming back', () => {
    expect(decided(closed(), { do: 'reopen' }).attention.dismissed).toBeUndefined();
    const milder = { ...closed(), severity: 'info' as const };
    expect(rouse(milder, { ...milder, severity: 'warning' }, now).attention.dismissed).toBeUndefined();
    const ended = { ...closed(), state: 'resolved' as const };
    expect(rouse(ended, { ...ended, state: 'open' }, now).attention.dismissed).toBeUndefined();
  });

  it('an incident that is open cannot be reopened', () => {
    expect(decide(anIncident(), { do: 'reopen' }, { by: 'U_BEN', now })).toEqual({ refused: 'inc-k3v9x2m1 is open.' });
  });
});

describe('maintenance', () => {
  it('is quiet until its end, and loud about what outlasts it', () => {
    const quiet = quieten(anIncident(), { until: now + 30 * minute, reason: 'new database' }, now);
    expect(quiet.attention.quiet).toBe(true);
    expect(last(quiet)?.text).toBe('Maintenance: new database');
    const awake = pass(quiet, 31);
    expect(awake.attention.quiet).toBe(false);
    expect(last(awake)?.text).toBe('The maintenance is over and it goes on.');
  });
});

describe('what people thought of it', () => {
  it('outlasts all of that', () => {
    const attention = Attention.parse({ since: now, feedback: { U_ANA: 'useful' }, snoozedUntil: now });
    expect(attend(anIncident({ attention }), escalation, now + 1).attention.feedback).toEqual({ U_ANA: 'useful' });
  });

  it('is nobody called for where a person asked for the change', () => {
    const { finding: _none, ...request } = anIncident();
    expect(calls(pass(request, 300))).toEqual([]);
    expect(aFinding().severity).toBe('critical');
  });
});
