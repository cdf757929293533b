import { readdir, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { findLastWords } from '../src/analysis/explain/last-words.ts';
import { matchSignature } from '../src/analysis/logs/signatures/match.ts';
import type { Alert } from '../src/core/alert.ts';
import type { Incident } from '../src/core/incident.ts';
import type { PodLogs } from '../src/core/ports/pod-logs.ts';
import { openStage } from '../test/support/stream-player.ts';
import { missingFacts } from './key-facts.ts';
import { type Described, readDescribed, readPodTable, recordedAt } from './kubectl.ts';
import type { Row } from './table.ts';

/** Where the recorded incidents are, below the folder of the data. */
const folder = 'k8s-incidents';

const Expected = z.record(z.string(), z.object({ question: z.string().nullable(), expected: z.array(z.string()) }));

const Request = z.object({
  source: z.string(),
  title: z.string(),
  subject: z
    .object({
      name: z.string(),
      namespace: z.string().nullish(),
      kind: z.string().nullish(),
      container: z.string().nullish(),
    })
    .partial(),
});

/** What asks for no cause, and why it is not scored. */
const unscored: Readonly<Record<string, string>> = {
  '62_fetch_error_logs_with_errors': 'asks for lines of a log, and expects other lines than were recorded',
  '63_fetch_error_logs_no_errors': 'asks for lines of a log, of which there are none',
};

/** What fires on purpose: no incident is the right answer. */
const silent = new Set(['13_Watchdog']);

/** How long is waited for what needs time to count, milliseconds. */
const waitMs = 120_000;

/** Where a text has no date, and for alerts that do not say when. */
const someDay = Date.parse('2025-01-01T12:00:00Z');

/** One recorded text without the lines that say how it was asked for. */
interface Recorded {
  readonly file: string;
  readonly text: string;
}

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
  const root = `${data}/${folder}`;
  const answers = Expected.parse(JSON.parse(await readFile(`${root}/expected.json`, 'utf8')));
  const outcomes: Outcome[] = [];
  for (const [id, { expected }] of Object.entries(answers)) outcomes.push(await replay(`${root}/${id}`, id, expected));
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

async function replay(path: string, id: string, expected: readonly string[]): Promise<Outcome> {
  const recorded = await readRecorded(path);
  const incidents = await play(recorded, await readAlerts(path));
  const log = recorded.filter(isLog).flatMap(({ text }) => text.split('\n'));
  const whose = recorded.flatMap(({ text }) => /^Name:\s+(\S+)/.exec(text)?.[1] ?? []);
  const fromLog = incidents.length > 0 ? '' : describeLog(log, whose[0]);
  const named = incidents.length > 0 ? incidents.map(wordsOf).join('\n') : fromLog;
  const found = incidents.length > 0 ? 'incident' : 'log';
  const missing = expected.map((statement) => missingFacts(statement, named));
  return { id, named, by: named === '' ? 'nothing' : found, expected, missing };
}

/** All texts of a scenario; what failed to be recorded is left out. */
async function readRecorded(path: string): Promise<readonly Recorded[]> {
  const files = (await readdir(path)).filter((name) => name.endsWith('.txt')).toSorted();
  const texts = await Promise.all(files.map((name) => readFile(`${path}/${name}`, 'utf8')));
  return files.flatMap((file, index) => {
    const text = strip(texts[index] ?? '');
    return text === '' || /^(?:Command `|error|Error from|No events|Could not find)/.test(text) ? [] : [{ file, text }];
  });
}

function strip(text: string): string {
  const lines = text.split('\n').filter((line) => !/^\{"(?:toolset_name|schema_version)"/.test(line));
  const [out = ''] = lines.join('\n').split(/^stderr:$/m);
  return out
    .replace(/^stdout:$/m, '')
    .trimEnd()
    .replace(/^\n+/, '');
}

function isLog({ file, text }: Recorded): boolean {
  return /logs/i.test(file) && !text.startsWith('Name:');
}

async function readAlerts(path: string): Promise<readonly Alert[]> {
  const text = await readFile(`${path}/investigate_request.json`, 'utf8').catch(() => undefined);
  if (text === undefined) return [];
  const { source, title, subject } = Request.parse(JSON.parse(text));
  if (source !== 'prometheus') return [];
  const { name, namespace, container } = subject;
  const kind = container ? 'pod' : subject.kind;
  const named = name !== undefined && kind ? { [kind]: name } : {};
  const labels = { alertname: title, severity: 'warning', ...named, ...(namespace ? { namespace } : {}) };
  const times = { startsAt: someDay, heardAt: someDay, repeats: 1 };
  return [{ fingerprint: title, state: 'firing', labels, summary: '', description: '', ...times }];
}

/** What Lifeguard makes of it. */
async function play(recorded: readonly Recorded[], alerts: readonly Alert[]): Promise<readonly Incident[]> {
  const pages = recorded.filter(({ text }) => text.startsWith('Name:'));
  const now = recordedAt(pages.map(({ text }) => text).join('\n'), someDay);
  const seen = pages.flatMap(({ text }) => readDescribed(text, now));
  const tables = recorded.filter(({ text }) => text.startsWith('NAME'));
  const jobs = seen.filter(({ source }) => source === 'jobs').map(nameOf);
  const listed = jobs.flatMap((job) => tables.flatMap(({ text }) => readPodTable(text, job, now)));
  const known = new Set(seen.map(nameOf));
  const unread = seen.some(({ source }) => source === 'nodes') ? [] : ['nodes'];
  const stage = openStage(now, { logs: logsOf(recorded), unread });
  await stage.begin();
  for (const { source, object } of [...listed.filter((one) => !known.has(nameOf(one))), ...seen])
    stage.show({ source }, object);
  stage.alert(alerts.map((alert) => ({ ...alert, startsAt: now, heardAt: now })));
  await stage.passTo(now + waitMs);
  return stage.incidents();
}

function nameOf({ object }: Described): string {
  return z.object({ metadata: z.object({ name: z.string() }) }).parse(object).metadata.name;
}

/** The log of a run that ended is under `previous` in the recording where its container was restarted. */
function logsOf(recorded: readonly Recorded[]): PodLogs {
  const logs = recorded.filter(isLog);
  return {
    async read({ pod, previous, tail }) {
      const fitting = logs.filter(({ file }) => file.includes('previous') === previous);
      const suffix = pod.split('-').at(-1) ?? pod;
      const own = fitting.find(({ file }) => file.includes(suffix)) ?? fitting[0];
      return own?.text.split('\n').slice(-tail) ?? [];
    },
  };
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
