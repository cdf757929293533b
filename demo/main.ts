import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseConfig, runLifeguard } from '../src/composition/run.ts';
import { describeError } from '../src/core/errors.ts';
import { createLog } from '../src/platform/logging/log.ts';
import { startSimulatedCluster } from './cluster/simulated-cluster.ts';
import { scriptedName, startScriptedModel } from './model/scripted-model.ts';
import { startRedis } from './redis.ts';
import { type LocalSlack, startLocalSlack } from './slack/local-slack.ts';
import { openStage } from './stage.ts';
import { playStory } from './story.ts';

const usage = `Usage: npm run demo -- [--headless] [--cluster KUBECONFIG] [--port N] [--model NAME]
  Runs Lifeguard with nothing else: a local Slack with a web page, a simulated Kubernetes, and a story.
  --headless            play the story without a person, print the thread, and exit 0 only if every step was seen
  --cluster KUBECONFIG  use a real cluster (needs the image test.local/app); works in a namespace of its own
  --port N              port of the web page (default 4321; headless: any free one)
  --model NAME          the model at OPENAI_BASE_URL (default gpt-5-mini), where OPENAI_API_KEY is set; otherwise its words follow a script`;

const options = readOptions();

const channel = 'C_OPS';
const namespace = options.cluster === undefined ? 'shop' : 'lifeguard-demo';

/** Words that are not understood end it with the usage. */
function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        headless: { type: 'boolean', default: false },
        cluster: { type: 'string' },
        port: { type: 'string' },
        model: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (!/^\d{0,5}$/.test(values.port ?? '')) throw new Error(`--port ${values.port} is no number of a port.`);
    return values;
  } catch (error) {
    process.stderr.write(`demo: ${describeError(error)}\n${usage}\n`);
    process.exit(2);
  }
}

/** What was started, to be stopped in reverse. */
const started: (() => Promise<unknown>)[] = [];

async function stopAll(): Promise<void> {
  for (const stop of started.splice(0).toReversed()) await stop().catch(() => undefined);
}

function tell(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}

async function openCluster(): Promise<string> {
  if (options.cluster !== undefined) return options.cluster;
  const cluster = await startSimulatedCluster();
  const folder = await mkdtemp(join(tmpdir(), 'lifeguard-demo-'));
  started.push(
    () => cluster.stop(),
    () => rm(folder, { recursive: true, force: true }),
  );
  const path = join(folder, 'kubeconfig');
  await writeFile(path, cluster.kubeconfig, { mode: 0o600 });
  return path;
}

/** The real model where there is a key for it; otherwise one that follows a script, and says so in its name. */
async function openModel(): Promise<{ readonly name?: string; readonly key?: string; readonly url?: string }> {
  const [key = '', url = ''] = [process.env['OPENAI_API_KEY'], process.env['OPENAI_BASE_URL']];
  if (key !== '') {
    return { key, ...(url === '' ? {} : { url }), ...(options.model === undefined ? {} : { name: options.model }) };
  }
  const model = await startScriptedModel();
  started.push(() => model.stop());
  return { name: scriptedName, url: model.url };
}

async function openSlack(manifest: unknown): Promise<LocalSlack> {
  const port = Number(options.port ?? (options.headless ? 0 : 4321));
  try {
    return await startLocalSlack({ port, manifest });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    const words = `Port ${port} is taken, perhaps by another demo. End that, or take another: npm run demo -- --port ${port + 1}`;
    throw new Error(words, { cause: error });
  }
}

async function play(): Promise<void> {
  const redis = await startRedis({ url: process.env['REDIS_URL'], path: process.env['PATH'] ?? '', onProgress: tell });
  started.push(() => redis.stop());
  const stage = await openStage(await openCluster());
  started.push(() => stage.close());
  if (options.cluster !== undefined) started.push(() => stage.deleteNamespace(namespace));
  const manifest: unknown = JSON.parse(await readFile(new URL('../slack-manifest.json', import.meta.url), 'utf8'));
  const slack = await openSlack(manifest);
  started.push(() => slack.stop());
  const config = parseConfig(await readFile(new URL('lifeguard.yaml', import.meta.url), 'utf8'), 'demo/lifeguard.yaml');
  const model = await openModel();
  const lifeguard = await runLifeguard({
    role: 'all',
    config: { ...config, model: { ...config.model, name: model.name ?? config.model.name } },
    // A person reads the page; the log would only stand between the steps.
    log: createLog({ level: process.env['LOG_LEVEL'] ?? (options.headless ? 'warn' : 'error') }),
    environment: {
      redisUrl: redis.url,
      kubeconfig: stage.kubeconfig,
      slackBotToken: slack.botToken,
      slackAppToken: slack.appToken,
      slackApiUrl: slack.apiUrl,
      modelKey: model.key,
      modelUrl: model.url,
      port: 0,
    },
    onFatal: fail,
  });
  started.push(() => lifeguard.stop());
  tell(options.headless ? 'Playing the story without a person.' : `\n  Open ${slack.url}  (Ctrl-C ends everything)\n`);
  try {
    await playStory({
      slack,
      stage,
      namespace,
      headless: options.headless,
      breaksNodes: options.cluster === undefined,
      webhook: `http://127.0.0.1:${lifeguard.port}/webhooks/alertmanager`,
      tell,
    });
  } finally {
    if (options.headless) tell(`\n${slack.transcript(channel)}`);
  }
  if (options.headless) slack.assertNoViolations();
}

function fail(error: unknown): void {
  process.stderr.write(`demo: ${describeError(error)}\n`);
  void stopAll().then(() => process.exit(1));
}

if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(`The demo needs Node 24; this is ${process.version}. Use npm run demo, which brings its own.\n`);
  process.exit(1);
}
if (options.help) {
  tell(usage);
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void stopAll().then(() => process.exit(130)));
play().then(() => (options.headless ? stopAll().then(() => process.exit(0)) : undefined), fail);
