import { findLastWords } from '../src/analysis/explain/last-words.ts';
import { matchSignature } from '../src/analysis/logs/signatures/match.ts';
import type { Incident } from '../src/core/incident.ts';
import { explainRecorded } from './explanations.ts';
import { missingFacts } from './key-facts.ts';
import { type Replayed, replayRecorded } from './recorded.ts';
import type { Row } from './table.ts';

/** What asks for no cause, and why it is not scored. */
const unscored: Readonly<Record<string, string>> = {
  '62_fetch_error_logs_with_errors': 'asks for lines of a log, and expects other lines than were recorded',
  '63_fetch_error_logs_no_errors': 'asks for lines of a log, of which there are none',
};

/** What fires on purpose: no incident is the right answer. */
const silent = new Set(['13_Watchdog']);

interface Outcome {
  readonly id: string;
  /** What people would read. */
  readonly named: string;
  readonly by: 'incident' | 'log' | 'nothing';
  readonly expected: readonly string[];
  /** Facts of the expected statements that are not named, a list for each of them. */
  readonly missing: readonly (readonly string[])[];
}

/**
 * Recorded incidents, shown to the detectors and the signatures as far as what was recorded can be shown: are the facts of the expected statements in what the
 * rules alone say? `data`: the folder with the data sets.
 */
export async function measureIncidents(tell: (sentence: string) => void, data: string): Promise<readonly Row[]> {
  const replayed = await replayRecorded(data);
  const outcomes = replayed.map(judge);
  tell('| scenario | named by rules alone | expected | hit |\n|---|---|---|---|');
  for (const outcome of outcomes) tell(describe(outcome));
  const scored = outcomes.filter(({ id }) => unscored[id] === undefined);
  const statements = scored.filter(({ id }) => !silent.has(id)).flatMap(({ missing }) => missing);
  const told = statements.filter((facts) => facts.length === 0).length;
  const alone = scored.filter((one) => isHit(one) && one.by === 'log').length;
  const row = { comparedWith: '', target: '' };
  return [
    {
      ...row,
      name: 'recorded incidents: cause named by rules alone',
      figure: `${scored.filter(isHit).length} of ${scored.length}, ${alone} of them by the log alone`,
      runs: `${outcomes.length} incidents, ${outcomes.length - scored.length} ask for no cause`,
    },
    {
      ...row,
      name: 'recorded incidents: expected statements named by rules alone',
      figure: `${told} of ${statements.length}`,
      runs: `${scored.length} incidents`,
    },
    ...(await explainRecorded(
      replayed.filter(({ id }) => unscored[id] === undefined && !silent.has(id)),
      tell,
    )),
  ];
}

function isHit({ id, by, missing }: Outcome): boolean {
  return silent.has(id) ? by === 'nothing' : missing.every((facts) => facts.length === 0);
}

function describe(outcome: Outcome): string {
  const { id, named, by, expected, missing } = outcome;
  const cell = (text: string, limit: number): string => {
    const line = text.replaceAll(/\s+/g, ' ').replaceAll('|', '/').trim();
    return line.length <= limit ? line : `${line.slice(0, limit)}…`;
  };
  const lacks = missing.flat();
  const verdict = unscored[id] ?? (isHit(outcome) ? 'yes' : `no: lacks ${lacks.join(', ')}`);
  const source = by === 'log' ? '(log alone) ' : '';
  return `| ${id} | ${source}${cell(named, 700)} | ${cell(expected.join(' '), 300)} | ${verdict} |`;
}

function judge({ id, expected, incidents, log, whose }: Replayed): Outcome {
  const fromLog = incidents.length > 0 ? '' : describeLog(log, whose);
  const named = incidents.length > 0 ? incidents.map(wordsOf).join('\n') : fromLog;
  const found = incidents.length > 0 ? 'incident' : 'log';
  const missing = expected.map((statement) => missingFacts(statement, named));
  return { id, named, by: named === '' ? 'nothing' : found, expected, missing };
}

function wordsOf({ title, cause, finding, related }: Incident): string {
  const effects = related.map((one) => `${one.finding.subject.name}: ${one.finding.title}. ${one.finding.cause}`);
  return [`${title}.`, cause, ...effects, finding?.next ?? ''].join('\n');
}

/** Where no finding asks for the log: everything in it that is known, what is said most first; else its last words where they are an error. */
function describeLog(log: readonly string[], whose: string | undefined): string {
  const counts = new Map<string, number>();
  for (const line of log) {
    const cause = matchSignature(line)?.cause;
    if (cause !== undefined) counts.set(cause, (counts.get(cause) ?? 0) + 1);
  }
  const known = [...counts].toSorted(([, a], [, b]) => b - a).map(([cause, count]) => `${cause} (${count}x)`);
  const words = known.length === 0 ? undefined : findLastWords(log.slice(-20));
  const whole = [...(whose === undefined ? [] : [`Log of ${whose}:`]), ...known.slice(0, 10)];
  return words === undefined ? '' : [...whole, words.line].join('\n');
}
