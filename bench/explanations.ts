import type { Incident } from '../src/core/incident.ts';
import { type Explained, explainIncident, sentencesOf, unsupportedOf } from '../test/support/explained.ts';
import { withScriptedModel } from './asked-model.ts';
import { missingFacts } from './key-facts.ts';
import type { Replayed } from './recorded.ts';
import type { Row } from './table.ts';

const deadlineMs = 10_000;

/**
 * Has the scripted model explain the recorded incidents. It quotes evidence and cannot think, so it tells how much of what people said of them is in the
 * evidence that a model is given, and whether all that is shown stands there.
 */
export async function explainRecorded(
  replayed: readonly Replayed[],
  tell: (sentence: string) => void,
): Promise<readonly Row[]> {
  const explained = await explainAll(replayed.flatMap(({ incidents }) => incidents));
  const told = explained.filter(({ explanation }) => explanation !== undefined);
  tell('\n| incident | the scripted model’s words | tokens in, out | not shown |\n|---|---|---|---|');
  for (const one of explained) tell(describe(one));
  const unsupported = told.flatMap(unsupportedOf);
  for (const one of unsupported) tell(`unsupported: ${one}`);
  const statements = replayed.flatMap(({ expected, incidents }) =>
    expected.map((statement) => missingFacts(statement, incidents.map((one) => wordsOn(one, explained)).join('\n'))),
  );
  const named = statements.filter((missing) => missing.length === 0).length;
  const runs = `${told.length} explained of ${explained.length} incidents; scripted model`;
  const row = { comparedWith: '', target: '', runs };
  return [
    {
      ...row,
      name: 'recorded incidents: expected statements named by the scripted model alone, which quotes two pieces of evidence',
      figure: `${named} of ${statements.length}`,
    },
    {
      ...row,
      name: 'recorded incidents: unsupported sentences shown',
      figure: `${unsupported.length} of ${told.flatMap(({ explanation }) => (explanation === undefined ? [] : sentencesOf(explanation))).length}`,
      target: '0',
    },
    {
      ...row,
      name: 'recorded incidents: sentences of the scripted model dropped',
      figure: `${explained.flatMap(({ faults }) => faults).length}`,
    },
    {
      ...row,
      name: 'recorded incidents: tokens for an incident (estimated, 4 characters each)',
      figure: meanTokens(told),
    },
  ];
}

/** As the scripted model counts them. */
export function meanTokens(explained: readonly Explained[]): string {
  const usages = explained.flatMap(({ explanation }) => explanation?.usage ?? []);
  const mean = (of: 'inputTokens' | 'outputTokens'): number =>
    Math.round(usages.reduce((sum, usage) => sum + usage[of], 0) / Math.max(1, usages.length));
  return `${mean('inputTokens')} in, ${mean('outputTokens')} out`;
}

export function explainAll(incidents: readonly Incident[]): Promise<readonly Explained[]> {
  return withScriptedModel(deadlineMs, async ({ model }) => {
    const explained: Explained[] = [];
    for (const incident of incidents) explained.push(await explainIncident(incident, model));
    return explained;
  });
}

function wordsOn({ id }: Incident, explained: readonly Explained[]): string {
  const own = explained.find(({ incident }) => incident.id === id)?.explanation;
  return own === undefined
    ? ''
    : sentencesOf(own)
        .map(({ text }) => text)
        .join('\n');
}

function describe({ incident, explanation, faults, ends }: Explained): string {
  const words =
    explanation === undefined
      ? `rules only (${ends.join(', ') || 'no evidence'})`
      : sentencesOf(explanation)
          .map(({ text, evidence }) => `${text} [${evidence.join(' ')}]`)
          .join(' · ');
  const { inputTokens = 0, outputTokens = 0 } = explanation?.usage ?? {};
  const shown = words.replaceAll('|', '/').replaceAll(/\s+/g, ' ').slice(0, 600);
  return `| ${incident.title} | ${shown} | ${inputTokens}, ${outputTokens} | ${faults.join('; ')} |`;
}
