import { describe, expect, it } from 'vitest';
import { formatTime } from '../../../src/notifications/blocks/mrkdwn.ts';
import { reportHelp, reportIncidents, reportStatus, reportWhy } from '../../../src/notifications/reports/commands.ts';
import {
  type PolicyFacts,
  type Prospect,
  reportPolicy,
  reportProspects,
} from '../../../src/notifications/reports/guardrails.ts';
import { aFinding, anIncident } from '../../support/builders.ts';
import { policy } from '../../support/guardrail-case.ts';
import { shownText } from '../../support/shown.ts';
import { minutes, now } from '../../support/views.ts';

const watcher = { at: now, synced: true, workloads: 4, pods: 9, nodes: 2, nodesReady: 1, troubles: {} };
const facts = { cluster: 'prod-eu', status: watcher, open: [], killSwitch: { engaged: false }, now } as const;

describe('the status', () => {
  it('says what is watched, what is open, and whether anything may be changed', () => {
    const shown = shownText(reportStatus({ ...facts, open: [anIncident()] }));
    expect(shown).toContain('Watching 4 workloads, 9 pods; 1 of 2 nodes ready.');
    expect(shown).toContain('1 open incident: shop/checkout: crash loop.');
    expect(shown).toContain('Kill switch: off.');
  });

  it.each([
    ['never', undefined],
    ['not for half a minute', { ...watcher, at: now - minutes }],
  ])('warns when the watcher was heard of %s', (_when, status) => {
    expect(shownText(reportStatus({ ...facts, status }))).toContain('The watcher is silent');
  });

  it('names what is wrong with a source, and since when where that is known', () => {
    const troubles = { events: { problem: 'forbidden <x>', since: now }, clock: { problem: 'it is behind' } };
    const shown = shownText(reportStatus({ ...facts, status: { ...watcher, troubles } }));
    expect(shown).toContain(`:warning: events, since ${formatTime(now)}: forbidden &lt;x&gt;`);
    expect(shown).toContain(':warning: clock: it is behind');
  });
});

describe('the kill switch', () => {
  it('that cannot be read counts as engaged', () => {
    expect(shownText(reportStatus({ ...facts, killSwitch: undefined }))).toContain('it counts as engaged');
  });

  it.each([
    [false, true],
    [true, false],
    [undefined, false],
  ])('says that Slack takes no files where that is known: %s', (takesFiles, said) => {
    expect(shownText(reportStatus({ ...facts, takesFiles })).includes('files:write is missing')).toBe(said);
  });

  it('says who engaged it, since when and why', () => {
    const killSwitch = { engaged: true, by: 'U_CHI', at: now, reason: 'release <day>' } as const;
    expect(shownText(reportStatus({ ...facts, killSwitch }))).toMatch(
      /engaged by <@U_CHI> since <!date\^.*\(release &lt;day&gt;\)/,
    );
  });
});

describe('the list of incidents', () => {
  it('says how long each is open or since when it is over', () => {
    const resolved = anIncident({ state: 'resolved', resolvedAt: now - 5 * minutes });
    const shown = shownText(reportIncidents([anIncident({ openedAt: now - 3 * minutes }), resolved], now));
    expect(shown).toContain('(critical, open for 3 min)');
    expect(shown).toContain('(critical, resolved 5 min ago)');
  });

  it('says how many more there are than fit', () => {
    expect(shownText(reportIncidents(Array(40).fill(anIncident()), now))).toContain('… and 28 more.');
    expect(shownText(reportIncidents([], now))).toBe('No incidents.');
  });
});

describe('why', () => {
  it('gives the cause and the last steps, with the people who took them', () => {
    const incident = anIncident({ timeline: [{ at: now, kind: 'approved', text: 'Approved by <@U_ANA>.' }] });
    const shown = shownText(reportWhy({ name: 'shop/checkout', findings: [aFinding()], incident, state: '0 of 3.' }));
    expect(shown).toContain('• *crash loop* (critical): Container app exits with code 1 after 2 s.');
    expect(shown).toContain('Approved by <@U_ANA>.');
  });

  it('says what to do next, while something is wrong', () => {
    const incident = anIncident({ finding: aFinding({ next: 'Start payments.\nRead the log.' }) });
    const why = { name: 'shop/checkout', incident, state: '0 of 3.' };
    expect(shownText(reportWhy({ ...why, findings: [aFinding()] }))).toContain('*Next:* Start payments.');
    expect(shownText(reportWhy({ ...why, findings: [] }))).not.toContain('*Next:*');
  });

  it('says so when nothing is wrong', () => {
    const report = reportWhy({ name: 'shop/cart', findings: [], incident: undefined, state: '2 of 2.' });
    expect(shownText(report)).toContain('Lifeguard finds nothing wrong with it now.');
  });
});

describe('help', () => {
  it('lists everything, each with what it is for', () => {
    const help = reportHelp('/kube', [
      { title: 'Look', commands: [{ usage: 'why <workload>', help: 'Explain it.', role: 'viewer' }] },
      { title: 'Lifeguard itself', commands: [{ usage: 'pause', help: 'Stop.', role: 'admin' }] },
    ]);
    expect(shownText(help)).toContain('`/kube why &lt;workload&gt;` Explain it.');
    expect(shownText(help)).toContain('`/kube pause` Stop. _(admin)_');
  });
});

describe('the guardrails', () => {
  const facts: PolicyFacts = {
    policy,
    killSwitch: { engaged: false },
    freezes: [],
    spent: {},
    promises: [{ id: 'budget', promise: 'Not too much.' }],
  };
  const freeze = {
    namespaces: ['pay-*'],
    schedule: '0 22 * * fri',
    durationMs: 60 * minutes,
    timezone: 'UTC',
    reason: 'release night',
  };

  it('are told with every bound, what is promised, and what holds now', () => {
    const shown = shownText(reportPolicy(facts));
    expect(shown).toContain('• *budget*: Not too much.');
    expect(shown).toContain('autonomy: auto; alone only up to low risk');
    expect(shown).toContain('1024 GiB for a volume');
    expect(shown).toContain('34 % of the nodes');
    expect(shown).toContain('Kill switch: off.');
    expect(shown).toContain('Actions left for the next 60 min: 4 of 4.');
  });

  it('say what is left of the budget, where', () => {
    const shown = shownText(reportPolicy({ ...facts, spent: { shop: 3, pay: 2 } }));
    expect(shown).toContain('Actions left for the next 60 min: 0 of 4 (left in shop 0, pay 0 of 2 each).');
    expect(shownText(reportPolicy({ ...facts, spent: undefined }))).toContain('cannot be read');
  });

  it('name each freeze, and the one that holds', () => {
    const freezes = [
      { ...freeze, until: undefined },
      { ...freeze, reason: 'now', until: now },
    ];
    const shown = shownText(reportPolicy({ ...facts, freezes }));
    expect(shown).toContain('Freeze in pay-*: `0 22 * * fri` (UTC) for 60 min: release night.');
    expect(shown).toMatch(/\*now, until <!date.*\*: now\./);
  });

  const prospect: Prospect = {
    title: 'Restart workload',
    words: 'restart <workload>',
    answer: 'denied',
    reasons: ['Paused by <ana>.', 'Not in shop.'],
    againAt: now,
    planned: true,
  };

  it('say of each action by whom it may be done, and why not', () => {
    const shown = shownText(reportProspects('Deployment shop/checkout', [prospect]));
    expect(shown).toContain('*Denied, whoever asks:* Paused by &lt;ana&gt;. Not in shop. Looked at again <!date');
    const open = { ...prospect, answer: 'asked', againAt: undefined, planned: false } as const;
    expect(shownText(reportProspects('x', [open]))).toContain('How much is judged, too');
  });

  it('say where there is nothing that may be done', () => {
    expect(shownText(reportProspects('Service shop/web', []))).toContain('nothing');
  });
});
