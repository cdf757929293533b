import type { Draft } from '../../src/core/explanation.ts';
import type { Incident } from '../../src/core/incident.ts';
import type { LanguageModel } from '../../src/core/ports/language-model.ts';
import { type ExplainContext, type ExplainingEnd, explain } from '../../src/explaining/explain.ts';
import { modelActions } from '../../src/ops/model-proposals.ts';
import { createSteppedClock } from './fakes/clock.ts';
import { createFakeExplanationCache } from './fakes/explanation-cache.ts';
import { createFakeIncidentIndex } from './fakes/incident-index.ts';
import { createFakeModelBudget } from './fakes/model-budget.ts';
import { createFakeReceipts } from './fakes/receipts.ts';
import { createFakeRecords } from './fakes/records.ts';
import { quiet } from './redis.ts';
import { openPlainRegistry } from './registry.ts';
import { now } from './views.ts';

export function aDraft(overrides: Partial<Draft> = {}): Draft {
  const summary = [{ text: 'The container app cannot reach payments.', evidence: ['E1'] }];
  return { summary, hypotheses: [], proposals: [], outside: false, ...overrides };
}

interface Settings {
  readonly model: LanguageModel | undefined;
  readonly callsPerDay?: number;
  readonly callsPerIncident?: number;
}

/** All that explaining needs, in memory; `explained` are the incidents that were queued for it. */
export function createExplainWorld({ model, callsPerDay = 1_000, callsPerIncident = 3 }: Settings) {
  const clock = createSteppedClock(now);
  const incidents = createFakeRecords<Incident>();
  const explained: string[] = [];
  const registry = openPlainRegistry({
    incidents,
    index: createFakeIncidentIndex(),
    queue: {
      execute: async () => undefined,
      report: async () => undefined,
      explain: async (id) => void explained.push(id),
    },
    clock,
  });
  const ends: ExplainingEnd[] = [];
  const proposed: { readonly incidentId: string; readonly actionIds: readonly string[] }[] = [];
  const context: ExplainContext = {
    model,
    deadlineMs: 30_000,
    budget: createFakeModelBudget(clock, { callsPerDay, callsPerIncident }),
    costOf: ({ inputTokens, outputTokens }) => (inputTokens + 4 * outputTokens) / 1_000_000,
    clock,
    log: quiet,
    incidents,
    registry,
    cache: createFakeExplanationCache(),
    receipts: createFakeReceipts(clock),
    catalogue: modelActions,
    propose: async (incidentId, proposals) =>
      void proposed.push({ incidentId, actionIds: proposals.map(({ actionId }) => actionId) }),
    onEnd: (end) => void ends.push(end),
  };
  return {
    context,
    clock,
    registry,
    incidents,
    explained,
    ends,
    proposed,
    explain: (id: string) => explain(id, context),
    read: (id: string) => incidents.get(id),
  };
}
