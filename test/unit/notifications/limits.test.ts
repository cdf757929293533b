import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBlocks, checkView } from '../../../demo/slack/block-kit/check.ts';
import type { Evidence, Injection } from '../../../src/core/evidence.ts';
import { ExecutionPhase } from '../../../src/core/execution.ts';
import { Confidence, type Explanation } from '../../../src/core/explanation.ts';
import { readArray, readString } from '../../../src/core/json.ts';
import type { Message } from '../../../src/core/ports/channel.ts';
import { ProposalState } from '../../../src/core/proposal.ts';
import { reportAnswer, reportThinking } from '../../../src/notifications/reports/answer.ts';
import { reportHelp, reportIncidents, reportStatus, reportWhy } from '../../../src/notifications/reports/commands.ts';
import { renderDetails } from '../../../src/notifications/reports/details.ts';
import { type Prospect, reportProspects } from '../../../src/notifications/reports/guardrails.ts';
import { reportHome } from '../../../src/notifications/reports/home.ts';
import { renderRoot } from '../../../src/notifications/reports/root.ts';
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
  aRelease,
} from '../../support/builders.ts';
import { markdownOf, textsOf } from '../../support/shown.ts';
import { now } from '../../support/views.ts';

/** Words that wish us ill, and lots of them. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '<!channel>',
        '<!here|x>',
        '<http://evil.example|click>',
        '<@U_ANA>',
        '@channel',
        '```',
        '``',
        '&',
        '&lt;',
        '\n',
        '"',
        '\\',
        '\u202Etxt.exe\u202C',
        'שלום עולם',
        '👩‍🚒',
        '\uD83D',
        '\u0000',
        '*bold*',
      ),
      fc.string({ maxLength: 40 }),
      fc.constantFrom('a', '<', '`', '"', '👩', '&').map((piece) => piece.repeat(10_000)),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(' '));

const word = fc.oneof(hostile, fc.constant('x'), hostile);

const evidence: fc.Arbitrary<Evidence[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom<Evidence['kind'][]>('log', 'event', 'change', 'pattern', 'opinion'),
      source: word,
      text: word,
    }),
    {
      maxLength: 30,
    },
  )
  .map((list) => list.map((one, index) => anEvidence({ ...one, id: `E${index + 1}` })));

const claim = fc.record({ text: word, evidence: fc.constantFrom<string[][]>(['E1'], ['E2', 'F1', 'E9', 'T3']) });

/** What checks should have dropped: rendering must be safe by itself. */
const explanation: fc.Arbitrary<Explanation> = fc.record({
  model: word,
  at: fc.constant(now),
  fingerprint: fc.constant('print'),
  summary: fc.array(claim, { maxLength: 4 }),
  hypotheses: fc.array(
    claim.chain((one) => fc.record({ confirms: word, refutes: word }).map((rest) => ({ ...one, ...rest }))),
    { maxLength: 4 },
  ),
  confidence: fc.constantFrom(...Confidence.options),
  dropped: fc.nat({ max: 30 }),
  usage: fc.constant({ calls: 3, inputTokens: 123_456, outputTokens: 7_890 }),
  cost: fc.constantFrom(0, 0.000_001, 0.1234567, 1e9),
});

const injections: fc.Arbitrary<Injection[]> = fc.array(
  fc.record({
    id: fc.constantFrom('E1', 'E7', 'F1'),
    what: fc.constantFrom<Injection['what'][]>('instructions', 'approval', 'mention', 'tools'),
    excerpt: word,
  }),
  { maxLength: 9 },
);

const snapshots: fc.Arbitrary<Snapshot> = fc
  .record({
    name: word.map((text) => `n${text}`),
    text: word,
    evidence,
    explanation: fc.option(explanation, { nil: undefined }),
    injections,
    state: fc.constantFrom(...ProposalState.options),
    phase: fc.constantFrom(...ExecutionPhase.options),
    waiting: fc.integer({ min: 0, max: 4 }),
    incidentState: fc.constantFrom('open' as const, 'resolved' as const),
    kind: fc.constantFrom('denied' as const, 'escalated' as const, 'proven' as const, 'resolved' as const),
  })
  .map(
    ({
      name,
      text,
      evidence: quotes,
      explanation: said,
      injections: tries,
      state,
      phase,
      waiting,
      incidentState,
      kind,
    }) => {
      const target = { kind: 'Deployment', namespace: name, name };
      const plan = aPlan({ target, summary: text, blastRadius: text, undo: text, diff: text });
      const ruling = { guardrail: 'autonomy', verdict: { answer: 'needs-approval' as const, reason: text } };
      const finding = aFinding({
        subject: target,
        cause: text,
        next: text,
        release: aRelease({ changes: [text, name] }),
      });
      return {
        incident: anIncident({
          cluster: name,
          subject: target,
          title: `${name}: crash loop`,
          cause: text,
          state: incidentState,
          finding,
          evidence: quotes,
          injections: tries,
          ...(said === undefined ? {} : { explanation: said }),
          timeline: [{ at: now, kind, text }],
        }),
        proposals: [
          aProposal({ plan, reason: text, state, rulings: Array(6).fill(ruling) }),
          ...Array.from({ length: waiting }, (_, index) =>
            aProposal({ id: `p00000000000001${index}`, plan, reason: text }),
          ),
        ],
        executions: [
          anExecution({
            phase,
            plan,
            outcome: text,
            before: aMeasurement({ findings: [text] }),
            after: aHealthyMeasurement(),
          }),
        ],
      };
    },
  );

const prospect: Prospect = {
  title: 'Restart workload',
  words: 'restart <workload>',
  answer: 'denied',
  reasons: [],
  againAt: now,
  planned: false,
};

function expectSound(message: Message): void {
  expect(checkBlocks(message.blocks)).toEqual([]);
  expect(JSON.stringify(message.blocks).length).toBeLessThanOrEqual(11_000);
  expect(Buffer.byteLength(message.text)).toBeLessThan(4_000);
  expect(message.text.length).toBeGreaterThan(0);
  expectInert([message.text, ...textsOf(message)]);
  expectClosedFences(markdownOf(message));
}

function expectInert(texts: readonly string[]): void {
  for (const text of texts) {
    expect(text).not.toMatch(/<!(?!date\^)|<http|<@|[\u202A-\u202E]|(?![\t\n])\p{Cc}/u);
    expect(text.isWellFormed()).toBe(true);
  }
}

function expectClosedFences(texts: readonly string[]): void {
  for (const text of texts) expect(text.split('```').length % 2).toBe(1);
}

describe('whatever the cluster says', () => {
  it('every message of an incident is one that Slack takes, and nothing in it rings or links', () => {
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        expectSound(renderRoot(snapshot));
        for (const { message } of renderThread(snapshot)) expectSound(message);
      }),
      { numRuns: 60 },
    );
  });

  it('the root has at most ten blocks and 1,500 characters', () => {
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        const root = renderRoot(snapshot);
        expect(root.blocks.length).toBeLessThanOrEqual(10);
        const shown = textsOf(root).filter((text) => !['Approve', 'Reject', 'Details'].includes(text));
        expect(shown.join('').length).toBeLessThanOrEqual(1_500);
      }),
      { numRuns: 60 },
    );
  });

  it('every answer of a model to a person is one that Slack takes', () => {
    fc.assert(
      fc.property(snapshots, explanation, word, ({ incident }, { summary, ...rest }, question) => {
        const answered = { ...rest, sentences: summary, evidence: incident.evidence };
        expectSound(reportAnswer({ question, incident, answered }));
        expectSound(reportThinking(question, question));
      }),
      { numRuns: 30 },
    );
  });

  it('the details are a modal that Slack takes', () => {
    fc.assert(
      fc.property(snapshots, ({ proposals: [proposal] }) => {
        const view = renderDetails(proposal ?? aProposal());
        expect(checkView(JSON.parse(JSON.stringify(view)))).toEqual([]);
        const texts = readArray(view, 'blocks').map((block) => readString(block, 'text', 'text') ?? '');
        expectInert(texts);
        expectClosedFences(texts);
      }),
      { numRuns: 60 },
    );
  });

  it('every answer to a command is one that Slack takes', () => {
    fc.assert(
      fc.property(snapshots, word, ({ incident }, text) => {
        const facts = {
          cluster: 'prod-eu',
          now,
          open: [incident],
          killSwitch: { engaged: true, by: 'U1', at: now, reason: text } as const,
          status: {
            at: now,
            synced: true,
            workloads: 1,
            pods: 1,
            nodes: 1,
            nodesReady: 1,
            troubles: { pods: { problem: text, since: now } },
          },
        };
        const finding = aFinding({ cause: text, title: `t${text}` });
        const answers = [
          reportStatus(facts),
          reportHome({
            ...facts,
            recent: [incident],
            links: new Map([[incident.id, 'https://slack.test/p1']]),
            approvals: Array(20).fill(aProposal({ plan: aPlan({ summary: text }) })),
            automatic: [anExecution({ plan: aPlan({ summary: text }) })],
            approved: [anExecution({ plan: aPlan({ summary: text }) })],
            mayPause: true,
          }),
          reportIncidents(Array(40).fill(incident), now),
          reportWhy({ name: `n${text}`, findings: [finding], incident, state: text }),
          reportProspects(`g${text}`, Array(12).fill({ ...prospect, reasons: [text, text] })),
          reportProspects(`g${text}`, []),
          reportHelp('/kube', [{ title: text, commands: [{ usage: 'why <workload>', help: text, role: 'viewer' }] }]),
        ];
        for (const { text: fallback, blocks } of answers) {
          expect(checkBlocks(blocks)).toEqual([]);
          expect(`${fallback}${JSON.stringify(blocks)}`).not.toContain('<!channel>');
        }
      }),
      { numRuns: 30 },
    );
  });
});
