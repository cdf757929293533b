import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeError } from '../src/core/errors.ts';
import { measureActions } from './actions.ts';
import { measureAlerts } from './alerts.ts';
import { measureAudit } from './audit.ts';
import { measureBigLogs } from './big-logs.ts';
import { measureClaims } from './claims.ts';
import { measureGrouping } from './grouping.ts';
import { measureIncidents } from './incidents.ts';
import { measureLevels } from './levels.ts';
import { measureLive } from './live.ts';
import { measureLogs } from './logs.ts';
import { measureLoop } from './loop.ts';
import { measureMemory } from './memory.ts';
import { measureModel } from './model.ts';
import { measureProposals } from './proposals.ts';
import { measureRedaction } from './redaction.ts';
import { measureScale } from './scale.ts';
import { measureScenarios } from './scenarios.ts';
import { measureSmallModel } from './small-model.ts';
import { measureStorm } from './storm.ts';
import { measureSuspects } from './suspects.ts';
import { formatTable, type Row, writeTable } from './table.ts';
import { measureWatch } from './watch.ts';
import { measureWords } from './words.ts';

const usage = `Usage: npm run bench -- [name]... [--runs N] [--fault ID]... [--logs FOLDER] [--data FOLDER] [--model-url URL] [--model-name NAME] [--write]
  Measures and prints one table; without a name, everything.
  loop      from a crash to Slack and to a healed workload (needs KUBECONFIG, Alertmanager and the image test.local/app)
  watch     10,000 pods: Lifeguard's watcher beside client-node's informer
  memory    what each role occupies when idle
  storm     100 workloads crash at once on the simulated cluster
  grouping  300 workloads join the incident of their node, and 500 incidents open: the registry and Redis alone
  alerts    200 alerts in 50 groups beside Alertmanager (where it is installed), with Slack full and away; then 10,000
  scenarios recorded faults and benign cases: recall, precision, and the wrong ones by name
  scale     10,000 pods and 500 nodes that change 1,000 times a second: lateness, processor, memory
  live      the same faults on a real cluster: fault to message (needs KUBECONFIG, kubectl and the image busybox:1.36)
  actions   every action on a real cluster: applied, proven, undone (needs KUBECONFIG and the image test.local/app)
  audit     how long 100,000 records take to verify
  redaction planted secrets found, look-alikes touched, speed; with --logs also on the *.log files of a folder
  proposals 1,000 changes asked for, approved by three people each and carried out by workers that are killed, all at once
  levels    errors told by the content of real log lines alone, and how fast lines are read into records (needs the data sets)
  suspects  recorded faults with a known cause: how often it is the first suspect, and in the first three (needs the data sets)
  big-logs  long logs with one cause each, and without it: whether it is told, lines per second, memory
  logs      templates found in labelled logs: accuracy, speed, memory (needs the data sets)
  incidents recorded incidents: what the rules alone name of the expected causes, and what a scripted model adds
  words     from an incident to the words of the rules and to those of a scripted model, on the simulated cluster
  claims    the check of a model's sentences on recorded faults: true ones that it drops, changed ones that it keeps
  model     what people get when a scripted model does wrong, and what unchanged trouble costs
  small-model recorded incidents explained by a real model, sentence by sentence (needs --model-url; see docs/model.md)
  --runs N  how often the loop is run (default 10)
  --data    the folder of the public data sets (default ../shared/data)
  --model-url   where a model answers, with its version: http://127.0.0.1:18080/v1
  --model-name  its name (default smollm2-135m)
  --fault   only this fault of live; may be repeated
  --write   also put the rows into docs/benchmarks.md`;

const path = process.env['PATH'] ?? '';
const interruption = new AbortController();
const { signal } = interruption;

function tell(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '10' },
    logs: { type: 'string', default: '' },
    data: { type: 'string', default: '../shared/data' },
    'model-url': { type: 'string', default: '' },
    'model-name': { type: 'string', default: 'smollm2-135m' },
    fault: { type: 'string', multiple: true, default: [] },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function loop(): Promise<readonly Row[]> {
  const kubeconfig = process.env['KUBECONFIG'] ?? '';
  if (kubeconfig !== '') return measureLoop({ kubeconfig, path, runs: Number(options.runs), tell, signal });
  tell('loop: left out, because it needs a real cluster: set KUBECONFIG.');
  return [];
}

async function live(): Promise<readonly Row[]> {
  const kubeconfig = process.env['KUBECONFIG'] ?? '';
  if (kubeconfig !== '') return measureLive({ kubeconfig, path, tell, signal, only: options.fault });
  tell('live: left out, because it needs a real cluster: set KUBECONFIG.');
  return [];
}

async function smallModel(): Promise<readonly Row[]> {
  const { data, 'model-url': url, 'model-name': name } = options;
  if (url !== '') return measureSmallModel({ tell, data, url, name, key: process.env['OPENAI_API_KEY'] });
  tell('small-model: left out, because it needs a model: set --model-url.');
  return [];
}

async function actions(): Promise<readonly Row[]> {
  const kubeconfig = process.env['KUBECONFIG'] ?? '';
  if (kubeconfig !== '') return measureActions({ kubeconfig, tell, signal });
  tell('actions: left out, because it needs a real cluster: set KUBECONFIG.');
  return [];
}

const measures: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  loop,
  watch: () => measureWatch(tell),
  memory: () => measureMemory({ path, tell, signal }),
  storm: () => measureStorm({ path, tell, signal }),
  grouping: () => measureGrouping(path),
  scenarios: () => measureScenarios(tell),
  live,
  actions,
  audit: async () => measureAudit(tell),
  redaction: () => measureRedaction(tell, options.logs),
  levels: () => measureLevels(tell, options.data),
  logs: () => measureLogs(tell, join(options.data, 'loghub-2k')),
  'big-logs': () => measureBigLogs(tell),
  proposals: () => measureProposals({ path, tell, signal }),
  suspects: () => measureSuspects(tell, options.data),
  words: () => measureWords({ path, tell, signal }),
  claims: () => measureClaims(tell),
  model: () => measureModel({ path, data: options.data, tell }),
  'small-model': smallModel,
  incidents: () => measureIncidents(tell, options.data),
  scale: () => measureScale({ path, tell, signal }),
  alerts: () => measureAlerts({ path, tell, signal }),
};

const wanted = positionals.length === 0 ? Object.keys(measures) : positionals;
const unknown = wanted.filter((name) => !Object.hasOwn(measures, name));
if (options.help || unknown.length > 0) {
  if (unknown.length > 0) tell(`There is no measure ${unknown.join(', ')}.`);
  tell(usage);
  process.exit(options.help ? 0 : 2);
}
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interruption.abort());

async function measureAll(): Promise<void> {
  const rows: Row[] = [];
  for (const name of wanted) rows.push(...((await measures[name]?.()) ?? []));
  process.stdout.write(`${formatTable(rows)}\n`);
  if (options.write) await writeTable(new URL('../docs/benchmarks.md', import.meta.url), rows);
}

await measureAll().catch((error: unknown) => {
  tell(`bench: ${describeError(error)}`);
  process.exitCode = 1;
});
