import type { ExplanationFeedback, Feedback } from '../handlers/context.ts';
import type { Telemetry } from '../platform/telemetry/metrics.ts';

/** Counters only grow, so a changed mind is counted as a verdict and as one taken back. */
export function createFeedbackMeter(telemetry: Telemetry): (feedback: Feedback) => void {
  const labels = ['detector', 'kind', 'verdict'] as const;
  const given = telemetry.counter({
    name: 'feedback_total',
    help: 'What people think of incidents: useful or false-alarm.',
    labels,
  });
  const withdrawn = telemetry.counter({
    name: 'feedback_withdrawn_total',
    help: 'Verdicts on incidents that people took back for the other one.',
    labels,
  });
  return ({ detector, kind, verdict, former }) => {
    for (const one of ['useful', 'false-alarm'] as const) {
      given({ detector, kind, verdict: one }, one === verdict ? 1 : 0);
      withdrawn({ detector, kind, verdict: one }, one === former ? 1 : 0);
    }
  };
}

/** The same of a model's explanations. */
export function createVoteMeter(telemetry: Telemetry): (feedback: ExplanationFeedback) => void {
  const labels = ['model', 'verdict'] as const;
  const given = telemetry.counter({
    name: 'explanation_feedback_total',
    help: 'What people think of a model’s explanations: helpful or wrong.',
    labels,
  });
  const withdrawn = telemetry.counter({
    name: 'explanation_feedback_withdrawn_total',
    help: 'Verdicts on explanations that people took back for the other one.',
    labels,
  });
  return ({ model, vote, former }) => {
    for (const verdict of ['helpful', 'wrong'] as const) {
      given({ model, verdict }, verdict === vote ? 1 : 0);
      withdrawn({ model, verdict }, verdict === former ? 1 : 0);
    }
  };
}
