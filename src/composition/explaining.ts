import type { Config } from '../config/load.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Answering } from '../core/ports/answering.ts';
import type { ModelUsage } from '../core/ports/language-model.ts';
import { answerQuestion } from '../explaining/ask.ts';
import { type ExplainContext, type ExplainingEnd, explain } from '../explaining/explain.ts';
import type { Asking } from '../explaining/question.ts';
import { modelActions, submitModelProposals } from '../ops/model-proposals.ts';
import { createExplanationCache } from '../platform/redis/explanation-cache.ts';
import { createKeyspace } from '../platform/redis/keyspace.ts';
import { type BudgetLimits, createModelBudget } from '../platform/redis/model-budget.ts';
import type { Telemetry } from '../platform/telemetry/metrics.ts';
import type { Parts } from './parts.ts';

/** Answers are kept as long as incidents are, milliseconds; each is at most some 20 kB. */
const kept = { keepMs: 90 * 24 * 3_600_000, most: 2_000 } as const;

/** What asking the configured model needs. People's questions do not use up what an incident has for its explanations, nor the other way round. */
function createAsking({ config, store, clock, log, model }: Parts, purpose: BudgetLimits['purpose']): Asking {
  const { deadlineSeconds, callsPerDay, callsPerIncident, questionsPerIncident, price } = config.model;
  const each = { explanations: callsPerIncident, questions: questionsPerIncident };
  const limits = { purpose, callsPerDay, callsPerIncident: each[purpose] };
  return {
    model,
    deadlineMs: deadlineSeconds * 1_000,
    budget: createModelBudget(store.redis, createKeyspace(config.cluster.name), limits),
    costOf: (usage) => (price === undefined ? undefined : costOf(usage, price)),
    clock,
    log,
  };
}

/** `price`: what a million tokens cost. */
function costOf({ inputTokens, outputTokens }: ModelUsage, price: NonNullable<Config['model']['price']>): number {
  return (inputTokens * price.inputPerMillion + outputTokens * price.outputPerMillion) / 1_000_000;
}

/** Has the configured model explain an incident; without one it does nothing. */
export function createExplaining(parts: Parts): (incidentId: string) => Promise<Outcome> {
  const { config, store, registry, ops, telemetry } = parts;
  const keyspace = createKeyspace(config.cluster.name);
  const context: ExplainContext = {
    ...createAsking(parts, 'explanations'),
    cache: createExplanationCache({ redis: store.redis, keyspace, ...kept }),
    receipts: store.receipts,
    incidents: ops.incidents,
    registry,
    catalogue: modelActions,
    propose: (incidentId, proposals) => submitModelProposals(incidentId, proposals, ops),
    onEnd: createMeter(telemetry),
  };
  return (incidentId) => explain(incidentId, context);
}

/** Answers what people ask about incidents. */
export function createAnswering(parts: Parts): Answering {
  const { store, ops, workloadLogs: logs } = parts;
  const context = { ...createAsking(parts, 'questions'), incidents: ops.incidents, logs, events: store.events };
  return (inquiry) => answerQuestion(inquiry, context);
}

function createMeter(telemetry: Telemetry): (end: ExplainingEnd, dropped: number) => void {
  const ended = telemetry.counter<'end'>({
    name: 'explanations_total',
    help: 'Incidents that a model was to explain, by how that ended; kept: answered without a call.',
    labels: ['end'],
  });
  const unsupported = telemetry.counter({
    name: 'explanation_claims_dropped_total',
    help: 'Sentences, hypotheses and proposals of a model that its evidence did not support.',
  });
  return (end, dropped) => {
    ended({ end });
    unsupported({}, dropped);
  };
}
