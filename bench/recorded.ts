import { readdir, readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Alert } from '../src/core/alert.ts';
import type { Incident } from '../src/core/incident.ts';
import type { PodLogs } from '../src/core/ports/pod-logs.ts';
import { openStage } from '../test/support/stream-player.ts';
import { type Described, readDescribed, readPodTable, recordedAt } from './kubectl.ts';

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

/** How long is waited for what needs time to count, milliseconds. */
const waitMs = 120_000;

/** Where a text has no date, and for alerts that do not say when. */
const someDay = Date.parse('2025-01-01T12:00:00Z');

/** One recorded text without the lines that say how it was asked for. */
interface Recorded {
  readonly file: string;
  readonly text: string;
}

/** A recorded incident, shown to Lifeguard. */
export interface Replayed {
  readonly id: string;
  /** What people said of it. */
  readonly expected: readonly string[];
  /** What Lifeguard made of it. */
  readonly incidents: readonly Incident[];
  /** Lines of all its logs. */
  readonly log: readonly string[];
  /** The first object that is described; undefined where none is. */
  readonly whose: string | undefined;
}

/** Shows the recorded incidents to the detectors, each in a cluster of its own. `data`: the folder with the data sets. */
export async function replayRecorded(data: string): Promise<readonly Replayed[]> {
  const root = `${data}/${folder}`;
  const answers = Expected.parse(JSON.parse(await readFile(`${root}/expected.json`, 'utf8')));
  const replayed: Replayed[] = [];
  for (const [id, { expected }] of Object.entries(answers))
    replayed.push({ id, expected, ...(await replay(`${root}/${id}`)) });
  return replayed;
}

async function replay(path: string): Promise<Omit<Replayed, 'id' | 'expected'>> {
  const recorded = await readRecorded(path);
  const incidents = await play(recorded, await readAlerts(path));
  const log = recorded.filter(isLog).flatMap(({ text }) => text.split('\n'));
  const [whose] = recorded.flatMap(({ text }) => /^Name:\s+(\S+)/.exec(text)?.[1] ?? []);
  return { incidents, log, whose };
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
  // Of these, what nobody described is not missing.
  const unread = ['nodes', 'services'].filter((id) => seen.every(({ source }) => source !== id));
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
