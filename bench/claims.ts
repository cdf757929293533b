import { faultOf } from '../src/analysis/claims/check.ts';
import { citableOf } from '../src/core/citable.ts';
import type { Sentence } from '../src/core/explanation.ts';
import type { Incident } from '../src/core/incident.ts';
import { faults } from '../test/scenarios/cases/index.ts';
import { sentencesOf, unsupportedOf } from '../test/support/explained.ts';
import { playStream } from '../test/support/stream-player.ts';
import { unsupportedIn } from '../test/support/unsupported.ts';
import { explainAll, meanTokens } from './explanations.ts';
import type { Row } from './table.ts';

/** Sentences in so many characters; the check takes no longer ones. */
const longest = 300;

/**
 * The check of a model's sentences on recorded faults: sentences that are true by how they were made (quotations of the scripted model, and what the rules say
 * of a cause, cited as the finding it is from), and the same with one digit, one letter or the evidence changed.
 */
export async function measureClaims(tell: (sentence: string) => void): Promise<readonly Row[]> {
  const incidents: Incident[] = [];
  for (const fault of faults) incidents.push(...(await playStream(fault)).incidents);
  const explained = await explainAll(incidents);
  const told = explained.filter(({ explanation }) => explanation !== undefined);
  const quoted = told.reduce(
    (sum, { explanation }) => sum + (explanation === undefined ? 0 : sentencesOf(explanation).length),
    0,
  );
  const taken = explained.flatMap(({ incident, faults: why }) => why.map((one) => `${incident.title}: ${one}`));
  const unsupported = told.flatMap(unsupportedOf);
  const stated = incidents.flatMap((incident) => statementsOf(incident).map((claim) => ({ claim, incident })));
  const lost = stated.filter(({ claim, incident }) => isDropped(claim, incident));
  const wrong = stated.flatMap(({ claim, incident }) =>
    changed(claim, incident).map((one) => ({ claim: one, incident })),
  );
  const passed = wrong.filter(({ claim, incident }) => !isDropped(claim, incident));
  for (const one of taken) tell(`claims: dropped although it is quoted: ${one}`);
  for (const { claim, incident } of lost)
    tell(`claims: dropped although the rules say it: ${claim.text} (${faultIn(claim, incident)})`);
  for (const { claim } of passed)
    tell(`claims: kept although it was changed: ${claim.text} [${claim.evidence.join(' ')}]`);
  for (const one of unsupported) tell(`claims: unsupported: ${one}`);
  const tokens = meanTokens(told);
  const row = { comparedWith: '', runs: `${told.length} recorded faults` };
  return [
    {
      ...row,
      name: 'recorded faults: quotations of the scripted model dropped',
      figure: `${taken.length} of ${quoted + taken.length}`,
      target: '0',
    },
    {
      ...row,
      name: 'recorded faults: unsupported sentences shown',
      figure: `${unsupported.length} of ${quoted}`,
      target: '0',
    },
    {
      ...row,
      name: "recorded faults: the rules' own sentences dropped",
      figure: `${lost.length} of ${stated.length}`,
      target: '',
    },
    {
      ...row,
      name: 'recorded faults: sentences with a changed digit, letter or id that are kept',
      figure: `${passed.length} of ${wrong.length}`,
      target: '0',
    },
    {
      ...row,
      name: 'recorded faults: tokens for an incident (estimated, 4 characters each)',
      figure: tokens,
      target: '',
    },
  ];
}

/** What the rules say of the cause, sentence by sentence. */
function statementsOf({ finding }: Incident): readonly Sentence[] {
  const lines = (finding?.cause ?? '').split('\n').filter((line) => !/^Its log (?:says|ends with)/.test(line));
  const sentences = lines.flatMap((line) => line.split(/(?<=\.)\s+(?=[A-Z])/)).map((text) => text.trim());
  return sentences.filter((text) => text !== '' && text.length <= longest).map((text) => ({ text, evidence: ['F1'] }));
}

/** The sentence with another digit, with another letter in a name, and cited as something else, where by the bench's own rule that is not supported any more. */
function changed({ text, evidence }: Sentence, incident: Incident): readonly Sentence[] {
  const others = citableOf(incident).filter(({ id }) => !evidence.includes(id));
  const variants = [
    { text: text.replace(/\d/, (digit) => `${(Number(digit) + 3) % 10}`), evidence },
    {
      text: text.replace(
        /[\p{L}\p{N}]+(?:[-_/:.@][\p{L}\p{N}]+)+/u,
        (name) => `${name.slice(0, -1)}${name.endsWith('q') ? 'x' : 'q'}`,
      ),
      evidence,
    },
    { text, evidence: ['E99'] },
    ...others.map(({ id }) => ({ text, evidence: [id] })),
  ];
  return variants
    .filter((one) => one.text !== text || one.evidence !== evidence)
    .filter((one) => unsupportedIn(one, incident).length > 0);
}

function isDropped(claim: Sentence, incident: Incident): boolean {
  return faultIn(claim, incident) !== undefined;
}

function faultIn(claim: Sentence, incident: Incident): string | undefined {
  return faultOf(claim, { evidence: citableOf(incident), incident })?.why;
}
