import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { LocalSlack } from '../demo/slack/local-slack.ts';
import type { Fault, Manifest } from '../test/scenarios/cases/case.ts';
import { faults } from '../test/scenarios/cases/index.ts';
import { median, pause, seconds, unlessAborted } from './figures.ts';
import { channel, openSurroundings, startProduct } from './product.ts';
import type { Row } from './table.ts';

export interface LiveOptions {
  readonly kubeconfig: string;
  /** The search path for programs (`PATH`). */
  readonly path: string;
  readonly tell: (sentence: string) => void;
  readonly signal: AbortSignal;
}

/** Faults made at once: more, and the node itself is the slow part. */
const atOnce = 5;

/** The kubelet needs so long to find some faults itself, milliseconds. */
const patienceMs = 150_000;

/** Those whose onset is minutes after they are made: a schedule, or a detector that must be sure. */
const slow = new Set([
  'init-hang',
  'cronjob-failing',
  'cronjob-blocked',
  'budget-blocks',
  'ephemeral-eviction',
  'stuck-terminating',
  'namespace-finalizer',
  'scaled-to-zero',
]);

const run = promisify(execFile);

interface Seen {
  readonly fault: Fault;
  /** From making it to its message, milliseconds; undefined where none came. */
  readonly ms: number | undefined;
}

/** Makes the recorded faults again, on a real cluster, and notes when Slack has the message of each. Needs kubectl. */
export async function measureLive({ kubeconfig, path, tell, signal }: LiveOptions): Promise<readonly Row[]> {
  const surroundings = await openSurroundings(path);
  const product = await startProduct({ role: 'all', kubeconfig, cluster: '{ name: bench }', surroundings, storm: 100 });
  const waiting = faults.filter(({ id }) => !slow.has(id));
  const seen: Seen[] = [];
  const context = {
    slack: surroundings.slack,
    env: { KUBECONFIG: kubeconfig, PATH: path, HOME: surroundings.folder },
    tell,
  };
  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined && !signal.aborted; next = waiting.shift())
      seen.push(await play(next, context));
  }
  try {
    await unlessAborted(Promise.all(Array.from({ length: atOnce }, () => work())), signal);
  } finally {
    await product.stop();
    await surroundings.stop();
  }
  const times = seen.flatMap(({ ms }) => (ms === undefined ? [] : [ms]));
  const missed = seen.filter(({ ms }) => ms === undefined).map(({ fault }) => fault.id);
  if (missed.length > 0) tell(`live: no message for ${missed.join(', ')}`);
  return [
    {
      name: 'real cluster: faults with a message',
      figure: `${times.length} of ${seen.length}`,
      comparedWith: '',
      target: 'all',
      runs: `${seen.length}`,
    },
    {
      name: 'real cluster: fault made to message',
      figure: `${seconds(median(times))}, worst ${seconds(Math.max(...times))}`,
      comparedWith: 'with the time Kubernetes and the detector need',
      target: '10 s after the condition',
      runs: `${times.length}, median`,
    },
  ];
}

interface Context {
  readonly slack: LocalSlack;
  readonly env: Readonly<Record<string, string>>;
  readonly tell: (sentence: string) => void;
}

async function play(fault: Fault, { slack, env, tell }: Context): Promise<Seen> {
  const namespace = `rec-${fault.id}`;
  const kubectl = (words: readonly string[]) => run('kubectl', [...words], { env }).catch(() => undefined);
  async function apply(objects: readonly Manifest[] = []): Promise<void> {
    for (const object of objects) {
      const applied = run('kubectl', ['apply', '-n', namespace, '-f', '-'], { env });
      applied.child.stdin?.end(JSON.stringify(object));
      await applied.catch(() => undefined);
    }
  }
  await kubectl(['create', 'namespace', namespace]);
  let madeAt = Date.now();
  await apply(fault.objects);
  for (const { after, apply: objects, kubectl: words } of fault.later ?? []) {
    await pause(Math.max(0, madeAt + after * 1_000 - Date.now()));
    madeAt = Date.now();
    await apply(objects);
    if (words !== undefined) await kubectl(['-n', namespace, ...words.replace('NAMESPACE', namespace).split(' ')]);
  }
  const at = await waitForRoot(slack, fault, namespace);
  const ms = at === undefined ? undefined : Math.max(0, at - madeAt);
  tell(`live: ${fault.id}: ${ms === undefined ? 'no message' : seconds(ms)}`);
  await kubectl(['delete', 'validatingwebhookconfiguration', namespace, '--ignore-not-found']);
  await kubectl(['delete', 'namespace', namespace, '--wait=false']);
  return { fault, ms };
}

/** When Slack took the message about the fault's subject, epoch milliseconds. */
async function waitForRoot(slack: LocalSlack, { subject }: Fault, namespace: string): Promise<number | undefined> {
  const name = subject.split('/')[1] ?? '';
  const wanted = [`${namespace}/${name}: `, `${namespace}: `];
  const end = Date.now() + patienceMs;
  while (Date.now() < end) {
    const root = slack.messages(channel).find(({ text }) => wanted.some((start) => text.includes(start)));
    if (root !== undefined) return Number(root.ts) * 1_000;
    await pause(100);
  }
  return undefined;
}
