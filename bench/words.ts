import { join } from 'node:path';
import { scriptedName, startScriptedModel } from '../demo/model/scripted-model.ts';
import { deploymentManifest, namespaceManifest } from '../demo/shop.ts';
import type { LocalSlack } from '../demo/slack/local-slack.ts';
import { openStage } from '../demo/stage.ts';
import { Incident } from '../src/core/incident.ts';
import type { Records } from '../src/core/ports/records.ts';
import { connectRedis, openRedis } from '../src/platform/redis/connection.ts';
import { createKeyspace } from '../src/platform/redis/keyspace.ts';
import { createRecords } from '../src/platform/redis/records.ts';
import { startChild } from './child.ts';
import { median, pause, seconds, unlessAborted } from './figures.ts';
import { channel, openSurroundings, startProduct } from './product.ts';
import type { Row } from './table.ts';

const cluster = 'bench';
const namespace = 'words';

/** How long the scripted model thinks: as a small hosted one does, milliseconds. */
const thinksMs = 2_000;

const runs = 5;
const patienceMs = 90_000;

/** How long people are waited to be shown what is in the record already, milliseconds. */
const shownWithinMs = 5_000;

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

export interface WordsOptions {
  /** The search path for programs (`PATH`). */
  readonly path: string;
  readonly tell: (sentence: string) => void;
  readonly signal: AbortSignal;
}

/** Milliseconds from the opening of the incident; not a number where it did not come. */
interface Told {
  readonly rules: number;
  readonly model: number;
  readonly edited: number;
}

/** The whole product on the simulated cluster: when a crash is told by rules, and when the words of a model that thinks for a while come after them. */
export async function measureWords({ path, tell, signal }: WordsOptions): Promise<readonly Row[]> {
  const surroundings = await openSurroundings(path);
  const kubeconfig = join(surroundings.folder, 'kubeconfig');
  const simulated = startChild(new URL('./cluster-child.ts', import.meta.url), [kubeconfig, '0']);
  const model = await startScriptedModel();
  model.delayMs = thinksMs;
  const redis = connectRedis(surroundings.redis.url, quiet);
  try {
    await simulated.next();
    await openRedis(redis, surroundings.redis.url);
    const keyspace = createKeyspace(cluster);
    const incidents = createRecords({ redis, keyspace, name: 'incidents', schema: Incident, keepSeconds: 3_600 });
    const stage = await openStage(kubeconfig);
    await stage.apply(namespaceManifest(namespace));
    const product = await startProduct({
      role: 'all',
      kubeconfig,
      cluster: `{ name: ${cluster} }`,
      surroundings,
      model: { url: model.url, name: scriptedName },
    });
    try {
      const told: Told[] = [];
      for (let run = 0; run < runs; run += 1) {
        const name = `app-${run}`;
        const env = { CRASH_AFTER_S: '2' };
        await stage.apply(deploymentManifest(namespace, { name, replicas: 1, version: '1.0.0', env }));
        told.push(await unlessAborted(waitForWords({ name, incidents, slack: surroundings.slack }), signal));
        tell(`words: ${JSON.stringify(told.at(-1))}`);
      }
      return rowsOf(told);
    } finally {
      await product.stop();
      await stage.close();
    }
  } finally {
    redis.disconnect();
    await model.stop();
    await simulated.stop();
    await surroundings.stop();
  }
}

interface Wanted {
  /** Of the workload. */
  readonly name: string;
  readonly incidents: Records<Incident>;
  readonly slack: LocalSlack;
}

async function waitForWords(wanted: Wanted): Promise<Told> {
  const start = Date.now();
  for (;;) {
    const incident = (await wanted.incidents.recent(100)).find(({ subject }) => subject.name === wanted.name);
    const root = rootOf(wanted);
    if (incident?.explanation !== undefined && root !== undefined) {
      const { openedAt, explanation } = incident;
      const since = { rules: Number(root.ts) * 1_000 - openedAt, model: explanation.at - openedAt };
      return { ...since, edited: (await waitForEdit(wanted)) - openedAt };
    }
    if (Date.now() - start > patienceMs)
      throw new Error(`${wanted.name} was not explained within ${seconds(patienceMs)}`);
    await pause(20);
  }
}

/** When the root, or a message below it, names the model; not a number where none does. */
async function waitForEdit(wanted: Wanted): Promise<number> {
  const until = Date.now() + shownWithinMs;
  while (Date.now() < until) {
    const root = rootOf(wanted);
    const thread = wanted.slack.messages(channel).filter(({ ts, thread_ts: of }) => ts === root?.ts || of === root?.ts);
    if (JSON.stringify(thread).includes(scriptedName)) return Date.now();
    await pause(20);
  }
  return Number.NaN;
}

function rootOf({ slack, name }: Pick<Wanted, 'slack' | 'name'>) {
  const roots = slack.messages(channel).filter(({ ts, thread_ts: of }) => of === undefined || of === ts);
  return roots.find((message) => JSON.stringify(message).includes(`${namespace}/${name}`));
}

function rowsOf(told: readonly Told[]): readonly Row[] {
  const row = { comparedWith: '', runs: `${told.length}, median` };
  const name = 'crash on the simulated cluster, incident to';
  const time = (of: keyof Told): number => median(told.map((one) => one[of]));
  const shown = Number.isNaN(time('edited')) ? 'not shown in Slack' : seconds(time('edited'));
  const thinks = `the model thinks ${seconds(thinksMs)}`;
  return [
    {
      ...row,
      name: `${name} the rules' words in Slack`,
      figure: seconds(Math.max(0, time('rules'))),
      target: '<= 5 s',
    },
    {
      ...row,
      name: `${name} the model's words in the record`,
      figure: seconds(time('model')),
      comparedWith: thinks,
      target: '',
    },
    { ...row, name: `${name} the model's words in Slack`, figure: shown, comparedWith: thinks, target: '' },
  ];
}
