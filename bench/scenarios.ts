import type { Incident } from '../src/core/incident.ts';
import { benign, faults } from '../test/scenarios/cases/index.ts';
import { judgeFault } from '../test/scenarios/cases/verdict.ts';
import { playStream } from '../test/support/stream-player.ts';
import { median, seconds } from './figures.ts';
import type { Row } from './table.ts';

/** Recorded faults and benign cases, played through everything but Slack: what is found, what is missed, and what is seen where nothing is. */
export async function measureScenarios(tell: (sentence: string) => void): Promise<readonly Row[]> {
  const { played, found, alone, delays } = await playFaults(tell);
  const { calm, subjects, wrong } = await playBenign(tell);
  const share = (part: number, whole: number): string => (part / Math.max(1, whole)).toFixed(3);
  const onset = `${seconds(median(delays))}, worst ${seconds(Math.max(...delays))}`;
  const runs = `${played} faults, ${calm} benign`;
  const row = (name: string, figure: string, target: string): Row => ({ name, figure, comparedWith: '', target, runs });
  return [
    row('recorded faults: recall', share(found, played), '>= 0.98'),
    row('recorded faults: one incident each', share(alone, played), '1'),
    row('recorded faults: precision', share(found, found + wrong), ''),
    row('recorded benign cases: false positives', `${wrong} of ${subjects} subjects`, '<= 1 %'),
    row('recorded faults: onset to incident (with the time to be sure)', onset, ''),
  ];
}

async function playFaults(tell: (sentence: string) => void) {
  let [found, alone] = [0, 0];
  const delays: number[] = [];
  for (const fault of faults) {
    const { incidents } = await playStream(fault);
    const verdict = judgeFault(fault, incidents);
    if (verdict.match?.finding !== undefined) delays.push(verdict.match.openedAt - verdict.match.finding.since);
    found += verdict.match === undefined ? 0 : 1;
    alone += verdict.alone ? 1 : 0;
    if (!verdict.alone) tell(`${fault.id} (${fault.what}): ${describe(incidents)}`);
  }
  return { played: faults.length, found, alone, delays };
}

async function playBenign(tell: (sentence: string) => void) {
  let [subjects, wrong] = [0, 0];
  for (const one of benign) {
    const { incidents, subjects: seen } = await playStream(one);
    subjects += seen;
    wrong += incidents.length;
    if (incidents.length > 0) tell(`${one.id} (${one.what}): ${describe(incidents)}`);
  }
  return { calm: benign.length, subjects, wrong };
}

function describe(incidents: readonly Incident[]): string {
  if (incidents.length === 0) return 'nothing was seen';
  return incidents.map(({ kind, subject, title }) => `${kind} of ${subject.kind} ${title}`).join(' | ');
}
