import { describe, expect, it } from 'vitest';
import type { Incident } from '../../../src/core/incident.ts';
import type { Message } from '../../../src/core/ports/channel.ts';
import { renderRoot } from '../../../src/notifications/reports/root.ts';
import type { Snapshot } from '../../../src/notifications/reports/snapshot.ts';
import {
  aFinding,
  anExecution,
  anIncident,
  aPlan,
  aProposal,
  aProvenExecution,
  aRelease,
} from '../../support/builders.ts';
import { buttonsOf, shownText } from '../../support/shown.ts';
import { minutes, now } from '../../support/views.ts';

function root(incident: Partial<Incident>, parts: Partial<Snapshot> = {}): Message {
  return renderRoot({ incident: anIncident(incident), proposals: [], executions: [], ...parts });
}

const decision = { by: 'U_ANA', at: now + 2 * minutes };
const approved = aProposal({ state: 'approved', decision });
const done = aProposal({ state: 'executed', decision });

function closed(kind: 'proven' | 'resolved'): Partial<Incident> {
  const text = kind === 'proven' ? 'Ready 3/3, no crash for 30 s.' : 'The trouble is gone.';
  const timeline = [...anIncident().timeline, { at: now + 3 * minutes, kind, text }];
  return { state: 'resolved', resolvedAt: now + 3 * minutes, timeline };
}

describe('the root says where it stands', () => {
  it.each<[string, Partial<Incident>, Partial<Snapshot>]>([
    ['Open', {}, {}],
    ['Awaiting approval until', {}, { proposals: [aProposal()] }],
    ['Approved, about to start', {}, { proposals: [approved] }],
    ['Approved, being checked again', {}, { proposals: [approved], executions: [anExecution()] }],
    ['Applying', {}, { proposals: [approved], executions: [anExecution({ phase: 'applying' })] }],
    ['Applied, verifying', {}, { proposals: [approved], executions: [anExecution({ phase: 'verifying' })] }],
    ['Did not help, undoing', {}, { proposals: [approved], executions: [anExecution({ phase: 'undoing' })] }],
    ['Healed and proven', closed('proven'), { proposals: [done], executions: [aProvenExecution()] }],
    ['Resolved', closed('resolved'), {}],
    ['Resolved', closed('resolved'), { proposals: [done], executions: [aProvenExecution()] }],
    ['Quiet, being watched', { clearedAt: now }, {}],
    ['Held back by a guardrail', { timeline: [{ at: now, kind: 'denied', text: 'Budget spent.' }] }, {}],
    ['Needs people: no remedy', { escalated: true }, {}],
    ['Needs people: nobody decided in time', { escalated: true }, { proposals: [aProposal({ state: 'expired' })] }],
    ['Needs people: the proposal was rejected', { escalated: true }, { proposals: [aProposal({ state: 'rejected' })] }],
    [
      'Needs people: the fix did not help',
      { escalated: true },
      { proposals: [done], executions: [anExecution({ phase: 'undone' })] },
    ],
  ])('%s', (status, incident, parts) => {
    const message = root(incident, parts);
    expect(shownText(message)).toContain(`*Status*\n${status}`);
    expect(message.text).toContain(status);
  });

  it.each<[string, Partial<Snapshot>]>([
    ['Did not work, undone', { proposals: [done], executions: [anExecution({ phase: 'undone', outcome: 'Undone.' })] }],
    ['Applied, not proven', { proposals: [done], executions: [anExecution({ phase: 'unproven' })] }],
    ['Rejected, nothing was changed', { proposals: [aProposal({ state: 'rejected' })] }],
    ['Held back, nothing was changed', { proposals: [aProposal({ state: 'denied' })] }],
    ['Expired, nothing was changed', { proposals: [aProposal({ state: 'expired' })] }],
    ['Closed', {}],
  ])('%s, of a change that somebody asked for', (status, parts) => {
    expect(shownText(root({ ...closed('resolved'), finding: undefined }, parts))).toContain(`*Status*\n${status}`);
  });

  it('and what came of a change that somebody asked for', () => {
    const undone = anExecution({ phase: 'undone', outcome: 'It did not help, so it was undone.' });
    const shown = shownText(
      root({ ...closed('resolved'), finding: undefined }, { proposals: [done], executions: [undone] }),
    );
    expect(shown).toContain('*Result:* It did not help, so it was undone.');
  });

  it('and that its alerts were silenced is not taken for a healing', () => {
    const target = { kind: 'Incident', namespace: 'shop', name: 'inc-k3v9x2m1' };
    const silenced = aProvenExecution({ id: 'p000000000000002', plan: aPlan({ target }) });
    const cured = { ...closed('proven'), holds: false };
    const shown = shownText(root(cured, { proposals: [done], executions: [aProvenExecution(), silenced] }));
    expect(shown).toContain('Done: Roll back Deployment shop/checkout');
    expect(shownText(root(cured, { executions: [silenced] }))).not.toContain('Healed');
  });

  it('and a silence that outlives it can still be lifted', () => {
    const target = { kind: 'Incident', namespace: 'shop', name: 'inc-k3v9x2m1' };
    const plan = aPlan({ target, summary: 'Lift the silence of A.' });
    const lift = aProposal({ id: 'p000000000000002', actionId: 'lift-silences', plan });
    const message = root(closed('proven'), { proposals: [done, lift], executions: [aProvenExecution()] });
    expect(buttonsOf(message)).toContain('Approve');
    expect(shownText(message)).toContain('Lift the silence of A.');
    expect(buttonsOf(root(closed('resolved'), { proposals: [aProposal()] }))).toEqual([]);
  });

  it('and a healing from before it came back is not taken for the end of it', () => {
    const timeline = [
      { at: now, kind: 'proven' as const, text: 'Ready 3/3.' },
      { at: now + 1, kind: 'reopened' as const, text: 'again' },
      { at: now + 2, kind: 'resolved' as const, text: 'The trouble is gone.' },
    ];
    const message = root({ state: 'resolved', timeline }, { proposals: [done], executions: [aProvenExecution()] });
    expect(shownText(message)).not.toContain('Healed');
  });
});

describe('the root', () => {
  it('says through what people reach what is broken', () => {
    const message = root({ finding: aFinding({ exposed: 'Ingress shop/front' }) });
    expect(shownText(message)).toContain('*Impact*\n3 of 3 pods, behind Ingress shop/front');
  });

  it('names severity, object, cluster and cause, for the eye and for the ear', () => {
    const message = root({}, { proposals: [aProposal()] });
    expect(shownText(message)).toContain('[CRITICAL] shop/checkout: crash loop');
    expect(shownText(message)).toContain('*Cluster*\nprod-eu');
    expect(shownText(message)).toContain('*Workload*\nDeployment shop/checkout');
    expect(shownText(message)).toContain('*Impact*\n3 of 3 pods');
    expect(message.text).toMatch(
      /^CRITICAL: shop\/checkout: crash loop in cluster prod-eu\. Awaiting approval until 10:30 UTC\. Proposed: Roll back/,
    );
  });

  it('dates the trouble from its beginning, not from its discovery', () => {
    const since = now - 5 * minutes;
    const shown = shownText(root({ finding: aFinding({ since }) }));
    expect(shown).toContain(`*Since*\n<!date^${since / 1000}^`);
  });

  it('counts how often it came back', () => {
    expect(shownText(root({ occurrences: 7, reopened: 2 }))).toContain('*Occurrences*\n7 in 3 pods, reopened 2x');
  });

  it('asks for a decision with three buttons that carry the id and nothing else', () => {
    const message = root({}, { proposals: [aProposal({ id: 'p000000000000009' })] });
    expect(buttonsOf(message)).toEqual(['Approve', 'Reject', 'Details']);
    const json = JSON.stringify(message.blocks);
    expect(json.match(/"action_id":"(op:\w+)"/g)).toEqual([
      '"action_id":"op:approve"',
      '"action_id":"op:reject"',
      '"action_id":"op:details"',
    ]);
    expect(json.match(/"value":"p[^"]*"/g)).toEqual(Array(3).fill('"value":"p000000000000009"'));
    const menu = [...json.matchAll(/"value":"([a-z-]+:[^"]*)"/g)].map(([, value]) => value);
    expect(menu).toEqual(
      ['acknowledge', 'snooze', 'resolve', 'act', 'false-alarm'].map((verb) => `${verb}:inc-k3v9x2m1`),
    );
    expect(json).toContain('"accessibility_label":"Approve the change of shop/checkout"');
    expect(json).toMatch(/"confirm":.*Roll back Deployment shop\/checkout.*3 pods, replaced step by step/);
    expect(shownText(message)).toContain('Risk: low. Way back: If it does not help, revision 2 is put back');
    expect(shownText(message)).toContain('Policy: rollback-workload is set to suggest in shop');
  });

  it('says who asked for it', () => {
    const proposal = aProposal({ origin: { surface: 'slash', user: 'U_BEN' } });
    expect(shownText(root({}, { proposals: [proposal] }))).toContain('asked for by <@U_BEN>');
    expect(shownText(root({}, { proposals: [aProposal()] }))).not.toContain('asked for by');
  });

  it('tells of no earlier decision while something else is asked', () => {
    const rejected = aProposal({ id: 'p000000000000001', state: 'rejected', decision });
    expect(shownText(root({}, { proposals: [rejected, aProposal()] }))).not.toContain('rejected by');
    expect(shownText(root({}, { proposals: [rejected] }))).toContain('rejected by <@U_ANA>');
  });

  it('says when a change cannot be undone', () => {
    const plan = aPlan({ inverse: null, undo: 'A restart cannot be undone.' });
    expect(shownText(root({}, { proposals: [aProposal({ plan })] }))).toContain(
      'Way back: A restart cannot be undone.',
    );
  });

  it.each<[string, Partial<Incident>, Partial<Snapshot>]>([
    ['decided', {}, { proposals: [approved] }],
    ['under way', {}, { proposals: [approved], executions: [anExecution()] }],
    ['over', closed('resolved'), { proposals: [aProposal()] }],
    ['healed', closed('proven'), { proposals: [done], executions: [aProvenExecution()] }],
    ['expired', {}, { proposals: [aProposal({ state: 'expired' })] }],
  ])('has no buttons once it is %s', (_state, incident, parts) => {
    expect(buttonsOf(root(incident, parts))).toEqual([]);
  });

  it('says who decided, and how it ended', () => {
    const shown = shownText(root(closed('proven'), { proposals: [done], executions: [aProvenExecution()] }));
    expect(shown).toContain('[RESOLVED]');
    expect(shown).toContain('*Result:* Ready 3/3, no crash for 30 s. Done: Roll back Deployment shop/checkout');
    expect(shown).toContain('approved by <@U_ANA>');
    expect(shownText(root({}, { proposals: [aProposal({ state: 'rejected', decision })] }))).toContain(
      'rejected by <@U_ANA>',
    );
  });

  it('tells what people have to know when Lifeguard stands still', () => {
    const text = 'Lifeguard has nothing left to try for this. People take over.';
    const timeline = [{ at: now, kind: 'escalated' as const, text }];
    expect(shownText(root({ escalated: true, timeline }))).toContain(`*Now:* ${text}`);
  });

  it('tells what to do next where nobody is asked, and nothing of it once that is over', () => {
    const next = 'Start payments.\nRead the log (`kubectl logs`).';
    const finding = aFinding({ next });
    const text = 'Lifeguard knows no remedy for this. People take over.';
    const timeline = [{ at: now, kind: 'escalated' as const, text }];
    const alone = root({ finding, escalated: true, timeline });
    expect(shownText(alone)).toContain(`*Now:* ${text}\n*Next:* Start payments.`);
    expect(shownText(alone)).not.toContain('Read the log');
    expect(alone.text).toContain('Next: Start payments.');
    expect(shownText(root({ finding }))).toContain('*Next:* Start payments.');
    const long = aFinding({ next: `${'Look. '.repeat(36)}Then \`kubectl -n shop logs checkout-2-a\`.` });
    expect(shownText(root({ finding: long }))).toContain('Look. Then …');
    const others: [Partial<Incident>, Partial<Snapshot>][] = [
      [{ finding }, { proposals: [aProposal()] }],
      [{ finding }, { proposals: [approved] }],
      [{ finding, executing: true }, {}],
      [{ finding, clearedAt: now }, {}],
      [{ finding, ...closed('resolved') }, {}],
    ];
    for (const [incident, parts] of others) expect(shownText(root(incident, parts))).not.toContain('*Next:*');
  });

  it('shows what changed, but not twice', () => {
    const release = aRelease({ changes: ['image of app: shop/checkout:1.0.0 -> shop/checkout:1.0.1'] });
    const finding = aFinding({ release });
    expect(shownText(root({ finding }))).toContain(
      '*Changed with revision 2:* image of app: shop/checkout:1.0.0 -&gt;',
    );
    const cause = `It began after revision 2: ${release.changes[0]}.`;
    expect(shownText(root({ finding, cause }))).not.toContain('*Changed with');
  });

  it('of a change that somebody asked for speaks of a change, not of trouble', () => {
    const { finding: _none, ...request } = anIncident({ severity: 'info', title: 'shop/checkout: requested change' });
    const incident = { ...request, ...closed('proven') };
    const shown = shownText(renderRoot({ incident, proposals: [done], executions: [aProvenExecution()] }));
    expect(shown).toContain('*Status*\nDone and proven');
    expect(shown).not.toContain('Impact');
  });
});
