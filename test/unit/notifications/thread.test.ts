import { describe, expect, it } from 'vitest';
import type { Execution } from '../../../src/core/execution.ts';
import type { TimelineEntry } from '../../../src/core/incident.ts';
import type { Proposal } from '../../../src/core/proposal.ts';
import type { Snapshot } from '../../../src/notifications/reports/snapshot.ts';
import { renderThread } from '../../../src/notifications/reports/thread.ts';
import {
  aFinding,
  aHealthyMeasurement,
  aMeasurement,
  anEvidence,
  anExecution,
  anIncident,
  aPlan,
  aProposal,
  aProvenExecution,
} from '../../support/builders.ts';
import { shownText } from '../../support/shown.ts';
import { minutes, now, seconds } from '../../support/views.ts';

const decision = { by: 'U_ANA', at: now + minutes };

function thread(parts: Partial<Snapshot>): ReadonlyMap<string, string> {
  const entries = renderThread({ incident: anIncident(), proposals: [], executions: [], ...parts });
  return new Map(entries.map(({ key, message }) => [key, `${message.text}\n${shownText(message)}`]));
}

function proposalText(overrides: Partial<Proposal>, mention?: Snapshot['mention']): string {
  const proposals = [aProposal({ id: 'p1', ...overrides })];
  return thread({ proposals, ...(mention === undefined ? {} : { mention }) }).get('proposal-p1') ?? '';
}

function run(execution: Partial<Execution>): ReadonlyMap<string, string> {
  const proposals = [aProposal({ id: 'p1', state: 'executed', decision })];
  return thread({ proposals, executions: [anExecution({ id: 'p1', ...execution })] });
}

function story(...timeline: readonly TimelineEntry[]): ReadonlyMap<string, string> {
  return thread({ incident: anIncident({ timeline: [...timeline] }) });
}

describe('the evidence', () => {
  it('quotes the last words of the log, what changed and what Kubernetes said, each with its source', () => {
    const evidence = [
      anEvidence(),
      anEvidence({ id: 'E2', kind: 'change', source: 'revision 1 -> 2', text: 'image: a -> b', at: now }),
      anEvidence({ id: 'E3', kind: 'event', source: 'Events', text: 'BackOff (4x): restarting\nPulled (1x): ok' }),
    ];
    const text = thread({ incident: anIncident({ evidence }) }).get('evidence');
    expect(text).toContain(
      '*E1 · log of shop/checkout-2-a, container app, the run that crashed*\n```\nstarting\nFATAL',
    );
    expect(text).toContain(`E2 · revision 1 -&gt; 2 · <!date^${now / 1000}^`);
    expect(text).toContain('• BackOff (4x): restarting\n• Pulled (1x): ok');
  });

  it('ends with what to do next, every line of it', () => {
    const finding = aFinding({ next: 'Start payments.\nRead the log.' });
    const text = thread({ incident: anIncident({ finding, evidence: [anEvidence()] }) }).get('evidence');
    expect(text).toMatch(/\*What to do next\*\n• Start payments\.\n• Read the log\.$/);
  });

  it('that nobody found leaves what to do next, once people are on their own', () => {
    const finding = aFinding({ next: 'Start payments.' });
    expect(thread({ incident: anIncident({ finding }) }).has('evidence')).toBe(false);
    expect(thread({ incident: anIncident({ finding, escalated: true }) }).get('evidence')).toContain(
      '• Start payments.',
    );
    expect(thread({ incident: anIncident({ escalated: true }) }).has('evidence')).toBe(false);
  });

  it('keeps the newest lines of a long log', () => {
    const log = Array.from({ length: 400 }, (_, index) => `line ${index} "quoted"`).join('\n');
    const text = thread({ incident: anIncident({ evidence: [anEvidence({ text: log })] }) }).get('evidence') ?? '';
    expect(text).toContain('line 399 "quoted"\n```');
    expect(text).not.toContain('line 0 ');
    expect(text.length).toBeLessThan(3_000);
  });
});

describe('a proposal', () => {
  it('says what exactly would be done, why, to whom, at what risk, and the way back', () => {
    const text = proposalText({});
    expect(text).toContain('*Proposed:* Roll back Deployment shop/checkout from revision 2 to revision 1');
    expect(text).toContain('• Why: The crashes began with revision 2.');
    expect(text).toContain('• Touches: 3 pods, replaced step by step.');
    expect(text).toContain('• Risk: low. Way back: If it does not help, revision 2 is put back');
    expect(text).toContain('• Guardrail autonomy (asks for a person): rollback-workload is set to suggest');
    expect(text).not.toContain('kill-switch');
  });

  it('says who asked for it', () => {
    expect(proposalText({ origin: { surface: 'slash', user: 'U_BEN' } })).toContain('(by <@U_BEN>)');
  });

  it.each<[string, Partial<Proposal>]>([
    ['Waiting for an approver until <!date^', {}],
    ['Approved by <@U_ANA>, <!date^', { state: 'approved', decision }],
    ['Approved by Lifeguard (auto), <!date^', { state: 'executed', decision: { ...decision, by: 'lifeguard' } }],
    ['Rejected by <@U_ANA>, <!date^', { state: 'rejected', decision }],
    ['Expired without a decision. Nothing was changed.', { state: 'expired' }],
    ['Expired: the workload changed since this was proposed (approved by <@U_ANA>', { state: 'expired', decision }],
    ['A new proposal replaces this one.', { state: 'expired', decision, supersededBy: 'p2' }],
    ['then held back: see below. Nothing was changed.', { state: 'denied', decision }],
  ])('ends with its decision: %s', (words, overrides) => {
    expect(proposalText(overrides)).toContain(words);
  });

  it('says when a guardrail that said no will look again', () => {
    const verdict = { answer: 'deny' as const, reason: 'The back-off runs.', retryAt: now + minutes };
    expect(proposalText({ rulings: [{ guardrail: 'attempts', verdict }] })).toContain(
      `Guardrail attempts (denies it): The back-off runs. Looked at again at <!date^${(now + minutes) / 1000}^`,
    );
  });

  it('says of a step held back when it will be looked at again', () => {
    const text = 'Tried 1 time within the hour.';
    const held = story({ at: now, kind: 'denied', text, askedAgainAt: now + minutes });
    expect([...held.values()].join()).toContain(`${text} Looked at again at <!date^${(now + minutes) / 1000}^`);
    expect([...story({ at: now, kind: 'denied', text }).values()].join()).not.toContain('Looked at again');
  });

  it('calls the approvers once, while they are asked', () => {
    const mention = () => '<!subteam^S_ONCALL>';
    expect(proposalText({}, mention)).toContain('<!subteam^S_ONCALL> Waiting for an approver');
    expect(proposalText({ state: 'approved', decision }, mention)).not.toContain('subteam');
    expect(proposalText({})).not.toContain('subteam');
  });
});

describe('a run', () => {
  it.each<[Partial<Execution>, readonly string[]]>([
    [{ phase: 'rechecking' }, ['Now: Plan made again', 'Next: Change applied', 'Next: Watching']],
    [{ phase: 'applying' }, ['Done: Plan made again', 'Now: Change applied', 'Next: Watching']],
    [{ phase: 'verifying', appliedAt: now }, ['Done: Plan', 'Done: Change applied <!date^', 'Now: Watching']],
    [{ phase: 'undoing' }, ['Done: Watching', 'Now: It did not help: putting the former state back']],
    [{ phase: 'undone' }, ['Done: It did not help: putting the former state back']],
    [{ phase: 'proven' }, ['Done: Plan', 'Done: Change applied', 'Done: Watching']],
    [{ phase: 'refused' }, ['Stopped: Plan made again', 'Not done: Change applied', 'Not done: Watching']],
    [{ phase: 'refused', plan: aPlan() }, ['Done: Plan made again', 'Stopped: Change applied', 'Not done: Watching']],
  ])('is ticked off step by step: %o', (execution, words) => {
    const text = run(execution).get('execution-p1') ?? '';
    for (const word of words) expect(text).toContain(word);
  });

  it('shows what is seen meanwhile, without an edit for each second that passes', () => {
    const after = aHealthyMeasurement({ ready: 2, stableSince: null });
    const waiting = (sentence: string, measured = after) =>
      run({ phase: 'verifying', after: measured, verification: { verdict: 'unknown', settled: false, sentence } });
    expect(waiting('quiet for 4 s')).toEqual(waiting('quiet for 6 s'));
    expect(waiting('').get('execution-p1')).toContain('Watching whether it helps: ready 2/3');
    expect(waiting('', aHealthyMeasurement()).get('execution-p1')).toContain('ready 3/3, all calm since <!date^');
  });

  it('ends in a new message with the proof in numbers, and how long it took', () => {
    const proposals = [aProposal({ id: 'p1', state: 'executed', decision })];
    const shown = thread({ proposals, executions: [aProvenExecution({ id: 'p1' })] });
    expect([...shown.keys()]).toEqual(['proposal-p1', 'execution-p1', 'result-p1']);
    const text = shown.get('result-p1');
    expect(text).toContain('*shop/checkout is healed.* Ready 3/3, no crash for 30 s. 2 min from the decision');
    expect(text).toContain('• Ready pods: 0/3 → 3/3\n• Restarts of the present pods: 6 → 0');
    expect(text).toContain('• Findings: crash-loop → none');
  });

  it.each<[Partial<Execution>, string]>([
    [
      { phase: 'undone', outcome: 'It did not help, so it was undone. After 60 s: ready 0/3.' },
      '*The change of shop/checkout was undone.* It did not help, so it was undone. After 60 s: ready 0/3.',
    ],
    [
      { phase: 'refused', outcome: 'The workload changed since this was proposed, so nothing was done.' },
      '*Nothing was changed at shop/checkout.* The workload changed since this was proposed',
    ],
    [
      { phase: 'unproven', outcome: 'Not proven: Nothing is running.' },
      '*Please look at shop/checkout.* Not proven: Nothing is running.',
    ],
  ])('says how it ended otherwise: %o', (execution, words) => {
    const finished = { finishedAt: now + 3 * minutes, before: aMeasurement(), after: aMeasurement(), ...execution };
    expect(run(finished).get('result-p1')).toContain(words);
  });

  it('has no result before it is over', () => {
    expect([...run({ phase: 'verifying' }).keys()]).toEqual(['proposal-p1', 'execution-p1']);
  });
});

describe('the turns of the story', () => {
  it('tell what was refused, who takes over, that it is back, and that it is over', () => {
    const shown = story(
      { at: now, kind: 'opened', text: 'x' },
      { at: now + 1, kind: 'refused', text: 'Revision 1 is the only one of shop/checkout.' },
      { at: now + 2, kind: 'escalated', text: 'People take over.' },
      { at: now + 3, kind: 'resolved', text: 'The trouble is gone.' },
      { at: now + 4, kind: 'reopened', text: 'It crashes again.' },
    );
    expect([...shown.values()].map((text) => text.split('\n')[0])).toEqual([
      'Not possible: Revision 1 is the only one of shop/checkout.',
      'Over to people: People take over.',
      'Resolved: The trouble is gone.',
      'It is back: It crashes again.',
    ]);
  });

  it('keep their keys when the story goes on', () => {
    const first = { at: now, kind: 'refused' as const, text: 'a' };
    const second = { at: now + seconds, kind: 'escalated' as const, text: 'b' };
    const before = [...story(first).keys()];
    expect([...story(first, second).keys()].slice(0, 1)).toEqual(before);
  });

  it('have keys of their own even in the same millisecond', () => {
    const twice = story({ at: now, kind: 'refused', text: 'a' }, { at: now, kind: 'refused', text: 'b' });
    expect(twice.size).toBe(2);
  });

  it('fold denials in a row into one message with the newest reason', () => {
    const shown = story(
      { at: now, kind: 'denied', text: 'Attempt 2 of 3 waits for the back-off.' },
      { at: now + 1, kind: 'denied', text: 'The budget is spent.' },
      { at: now + 2, kind: 'denied', text: 'Paused by Chi.' },
    );
    expect([...shown.keys()]).toEqual([`denied-${now}`]);
    expect([...shown.values()].join('')).toContain('*Held back:* Paused by Chi.');
  });

  it('are not told twice where a result tells them', () => {
    const outcome = 'Not applied: conflict.';
    const shown = thread({
      incident: anIncident({ timeline: [{ at: now, kind: 'refused', text: outcome }] }),
      proposals: [aProposal({ id: 'p1', state: 'denied', decision })],
      executions: [anExecution({ id: 'p1', phase: 'refused', outcome, finishedAt: now + 3 * minutes })],
    });
    expect([...shown.keys()]).toEqual(['proposal-p1', 'execution-p1', 'result-p1']);
  });

  it('stand in the order in which they happened', () => {
    const shown = thread({
      incident: anIncident({
        evidence: [anEvidence()],
        timeline: [{ at: now + 10 * minutes, kind: 'reopened', text: 'again' }],
      }),
      proposals: [
        aProposal({ id: 'p1', state: 'executed', decision }),
        aProposal({ id: 'p2', createdAt: now + 11 * minutes }),
      ],
      executions: [aProvenExecution({ id: 'p1' })],
    });
    expect([...shown.keys()]).toEqual([
      'evidence',
      'proposal-p1',
      'execution-p1',
      'result-p1',
      `reopened-${now + 10 * minutes}`,
      'proposal-p2',
    ]);
  });
});
