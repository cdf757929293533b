import type { Behavior } from '../demo/model/behavior.ts';
import type { Incident } from '../src/core/incident.ts';
import { answerQuestion } from '../src/explaining/ask.ts';
import { explainIncident, sentencesOf, unsupportedOf } from '../test/support/explained.ts';
import { createExplainWorld } from '../test/support/explaining.ts';
import { createFakeEventStore } from '../test/support/fakes/event-store.ts';
import { withScriptedModel } from './asked-model.ts';
import { seconds } from './figures.ts';

/** Real time for one question; a model that hangs is waited for three times. */
const deadlineMs = 2_000;

/** What goes wrong with the model, and what it then does with every request. */
const faults: readonly (readonly [name: string, behavior: Behavior])[] = [
  ['nothing', { kind: 'evidence' }],
  ['invented evidence id', { kind: 'evidence', flaw: 'invented evidence' }],
  ['invented number', { kind: 'evidence', flaw: 'invented number' }],
  ['invented name', { kind: 'evidence', flaw: 'invented name' }],
  ['unknown action', { kind: 'evidence', flaw: 'unknown action' }],
  ['action on another namespace', { kind: 'evidence', flaw: 'other namespace' }],
  ['JSON in prose', { kind: 'evidence', wrapped: 'prose' }],
  ['invalid JSON', { kind: 'says', text: '{"summary": [' }],
  ['truncated', { kind: 'says', text: '{"summary": [{"text": "The container', ended: 'length' }],
  ['refusal', { kind: 'declines' }],
  ['HTTP 401', { kind: 'fails', status: 401, code: 'invalid_api_key' }],
  ['HTTP 429', { kind: 'fails', status: 429, retryAfter: '20' }],
  ['HTTP 500', { kind: 'fails', status: 500 }],
  ['hangs', { kind: 'hangs' }],
  ['10 MB answer', { kind: 'floods', megabytes: 10 }],
  ['no Chat Completions at all', { kind: 'garbles' }],
  ['the connection breaks', { kind: 'breaks' }],
];

export interface FaultOutcome {
  readonly fault: string;
  /** What people get. */
  readonly shown: string;
  /** Actions that would be submitted. */
  readonly proposed: number;
  readonly requests: number;
  readonly dropped: number;
  readonly unsupported: readonly string[];
  readonly tookMs: number;
}

/** The explaining of one incident while the model does the same wrong thing again and again, until nothing more is tried. */
export async function tryFaults(incident: Incident): Promise<readonly FaultOutcome[]> {
  const outcomes: FaultOutcome[] = [];
  for (const [fault, behavior] of faults) outcomes.push(await tryFault(incident, fault, behavior));
  return [...outcomes, await askWithGarbage(incident)];
}

function tryFault(incident: Incident, fault: string, behavior: Behavior): Promise<FaultOutcome> {
  return withScriptedModel(deadlineMs, async ({ server, model, clock }) => {
    server.always(behavior);
    const start = Date.now();
    const explained = await explainIncident(incident, model, { wait: (ms) => clock.advance(ms) });
    const { explanation, faults: why, proposed, ends } = explained;
    const sentences = explanation === undefined ? [] : sentencesOf(explanation);
    return {
      fault,
      shown: describe(sentences.length, ends),
      proposed: proposed.length,
      requests: server.requests.length,
      dropped: why.length,
      unsupported: unsupportedOf(explained),
      tookMs: Date.now() - start,
    };
  });
}

function describe(sentences: number, ends: readonly string[]): string {
  if (sentences > 0) return `${sentences} sentences`;
  return ends.includes('asked') ? 'rules only: all was taken out' : `rules only (${ends.join(', ')})`;
}

/** Only what a person asks for in a thread is streamed. */
function askWithGarbage(incident: Incident): Promise<FaultOutcome> {
  return withScriptedModel(deadlineMs, async ({ server, model }) => {
    server.always({ kind: 'garbles' });
    const { context, incidents } = createExplainWorld({ model });
    await incidents.create(incident);
    const start = Date.now();
    const asked = { incidentId: incident.id, question: 'Why?', may: () => true, onProgress: () => undefined };
    const reading = {
      logs: { read: async () => ({ lines: [], source: 'pods', read: 0, pods: 0 }) },
      events: createFakeEventStore(),
    };
    const shown = await answerQuestion(asked, { ...context, ...reading }).then(
      () => 'an answer',
      (error: unknown) => `no answer: ${error instanceof Error ? error.message : ''}`,
    );
    const rest = { proposed: 0, dropped: 0, unsupported: [], tookMs: Date.now() - start };
    return {
      fault: 'streamed garbage, for a question in the thread',
      shown,
      requests: server.requests.length,
      ...rest,
    };
  });
}

export function describeFaults(outcomes: readonly FaultOutcome[]): readonly string[] {
  return [
    '\n| the model’s fault | people get | actions proposed | requests | taken out | unsupported shown | time without waits |\n|---|---|---|---|---|---|---|',
    ...outcomes.map(
      ({ fault, shown, proposed, requests, dropped, unsupported, tookMs }) =>
        `| ${fault} | ${shown} | ${proposed} | ${requests} | ${dropped} | ${unsupported.length} | ${seconds(tookMs)} |`,
    ),
  ];
}
