import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { LocalSlack } from '../demo/slack/local-slack.ts';
import { detectors } from '../src/analysis/detectors/index.ts';
import { createClusterReader } from '../src/platform/kubernetes/cluster-reader.ts';
import { loadCredentials } from '../src/platform/kubernetes/credentials.ts';
import { createHttpClient } from '../src/platform/kubernetes/http-client.ts';
import { systemClock } from '../src/platform/system/clock.ts';
import type { Fault, Manifest } from '../test/scenarios/cases/case.ts';
import { faults } from '../test/scenarios/cases/index.ts';
import { median, pause, seconds, unlessAborted } from './figures.ts';
import { type FindingWatch, watchFindings } from './finding-watch.ts';
import { channel, openSurroundings, startProduct } from './product.ts';
import type { Row } from './table.ts';

export interface LiveOptions {
  readonly kubeconfig: string;
  /** The search path for programs (`PATH`). */
  readonly path: string;
  readonly tell: (sentence: string) => void;
  readonly signal: AbortSignal;
  /** Ids of the faults to make; empty: all but the slow ones. */
  readonly only: readonly string[];
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
  readonly made: number | undefined;
  /** From the moment its finding held, the detector's own waiting time over, to its message, milliseconds. */
  readonly held: number | undefined;
}

/** Makes the recorded faults again, on a real cluster, and notes when Slack has the message of each. Needs kubectl. */
export async function measureLive({ kubeconfig, path, tell, signal, only }: LiveOptions): Promise<readonly Row[]> {
  const surroundings = await openSurroundings(path);
  const product = await startProduct({ role: 'all', kubeconfig, cluster: '{ name: bench }', surroundings, storm: 100 });
  const http = createHttpClient(await loadCredentials({ kubeconfig, now: () => Date.now() }));
  const reader = createClusterReader({ http, clock: systemClock, random: Math.random });
  const stopping = new AbortController();
  const findings = watchFindings(reader, stopping.signal);
  const waiting = faults.filter(({ id }) => (only.length === 0 ? !slow.has(id) : only.includes(id)));
  const seen: Seen[] = [];
  const context = {
    findings,
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
    stopping.abort();
    await product.stop();
    await findings.stopped;
    await http.close();
    await surroundings.stop();
  }
  const missed = seen.filter(({ made }) => made === undefined).map(({ fault }) => fault.id);
  if (missed.length > 0) tell(`live: no message for ${missed.join(', ')}`);
  return rowsOf(seen);
}

function rowsOf(seen: readonly Seen[]): readonly Row[] {
  const made = seen.flatMap((one) => one.made ?? []);
  const held = seen.flatMap((one) => one.held ?? []);
  const spread = (times: readonly number[]): string =>
    `${seconds(median(times))}, worst ${seconds(Math.max(...times))}`;
  return [
    {
      name: 'real cluster: faults with a message of the kind expected',
      figure: `${made.length} of ${seen.length}`,
      comparedWith: '',
      target: 'all',
      runs: `${seen.length}`,
    },
    {
      name: 'real cluster: condition held for as long as its detector waits, to message',
      figure: spread(held),
      comparedWith: '',
      target: '10 s',
      runs: `${held.length}, median`,
    },
    {
      name: 'real cluster: fault made to message',
      figure: spread(made),
      comparedWith: 'with the time Kubernetes and the detector need',
      target: '',
      runs: `${made.length}, median`,
    },
  ];
}

interface Context {
  readonly findings: FindingWatch;
  readonly slack: LocalSlack;
  readonly env: Readonly<Record<string, string>>;
  readonly tell: (sentence: string) => void;
}

async function play(fault: Fault, { findings, slack, env, tell }: Context): Promise<Seen> {
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
  // Lifeguard may be quicker than the watch beside it.
  await pause(500);
  const heldAt = findings.heldAt({ kinds: fault.expects, namespace, subject: fault.subject });
  const since = (start: number | undefined): number | undefined =>
    at === undefined || start === undefined ? undefined : Math.max(0, at - start);
  const [made, held] = [since(madeAt), since(heldAt)];
  tell(
    `live: ${fault.id}: ${made === undefined ? 'no message' : `${seconds(made)}, ${held === undefined ? 'of which nothing is due' : `${seconds(held)} after it was due`}`}`,
  );
  await kubectl(['delete', 'validatingwebhookconfiguration', namespace, '--ignore-not-found']);
  await kubectl(['delete', 'namespace', namespace, '--wait=false']);
  return { fault, made, held };
}

const titles = new Map(detectors.flatMap(({ kinds }) => Object.entries<string>(kinds)));

/** When Slack took the message about the fault's subject and of a kind it is expected to have, epoch milliseconds. */
async function waitForRoot(
  slack: LocalSlack,
  { subject, expects }: Fault,
  namespace: string,
): Promise<number | undefined> {
  const name = subject.split('/')[1] ?? '';
  const wanted = [`${namespace}/${name}: `, `${namespace}: `].flatMap((start) =>
    expects.map((kind) => `${start}${titles.get(kind) ?? kind}`),
  );
  const end = Date.now() + patienceMs;
  while (Date.now() < end) {
    const root = slack.messages(channel).find(({ text }) => wanted.some((start) => text.includes(start)));
    if (root !== undefined) return Number(root.ts) * 1_000;
    await pause(100);
  }
  return undefined;
}
