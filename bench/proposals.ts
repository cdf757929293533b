import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deploymentManifest, namespaceManifest } from '../demo/shop.ts';
import { openStage, type Stage } from '../demo/stage.ts';
import { createParts, type Parts } from '../src/composition/parts.ts';
import { parseConfig } from '../src/composition/run.ts';
import { checkChain } from '../src/core/audit-record.ts';
import { type Execution, isFinished } from '../src/core/execution.ts';
import { readNumber } from '../src/core/json.ts';
import type { Proposal } from '../src/core/proposal.ts';
import { refKey } from '../src/core/resource-ref.ts';
import { findAction } from '../src/ops/actions/index.ts';
import { approve } from '../src/ops/approve.ts';
import { judge } from '../src/ops/judge.ts';
import { type Request, submit } from '../src/ops/submit.ts';
import { startChild } from './child.ts';
import { type Crew, startCrew } from './crew.ts';
import { median, pause, seconds, unlessAborted } from './figures.ts';
import { openSurroundings } from './product.ts';
import type { Row } from './table.ts';

const namespaces = 20;
const workloads = 200;
const wishes = 1_000;
const workers = 3;
const voters = ['U_ANA', 'U_BEN', 'U_CHI'] as const;
const patienceMs = 600_000;

/** What is refused is asked for again so often. */
const rounds = 12;

export interface ProposalsOptions {
  /** The search path for programs (`PATH`). */
  readonly path: string;
  readonly tell: (sentence: string) => void;
  readonly signal: AbortSignal;
}

/** A workload that is restarted. */
interface Place {
  readonly namespace: string;
  readonly name: string;
}

/** A thousand changes asked for at once, each approved by three people at once and carried out by workers that are killed. */
export async function measureProposals({ path, tell, signal }: ProposalsOptions): Promise<readonly Row[]> {
  const surroundings = await openSurroundings(path);
  const kubeconfig = join(surroundings.folder, 'kubeconfig');
  const simulated = startChild(new URL('./cluster-child.ts', import.meta.url), [kubeconfig, '0']);
  try {
    await simulated.next();
    const stage = await openStage(kubeconfig);
    const places = await setStage(stage);
    const crew = await startCrew(workers, { kubeconfig, cluster: '{ name: bench }', surroundings });
    const parts = await openParts(surroundings.folder, surroundings.redis.url, kubeconfig);
    try {
      return await unlessAborted(play({ stage, places, crew, parts, tell }), signal);
    } finally {
      await crew.stop();
      await parts.store.queue.close();
      parts.store.redis.disconnect();
      await Promise.all([parts.cluster.http.close(), stage.close()]);
    }
  } finally {
    await simulated.stop();
    await surroundings.stop();
  }
}

async function setStage(stage: Stage): Promise<readonly Place[]> {
  const places = Array.from({ length: workloads }, (_, index) => ({
    namespace: `team-${index % namespaces}`,
    name: `app-${index}`,
  }));
  for (let index = 0; index < namespaces; index += 1) await stage.apply(namespaceManifest(`team-${index}`));
  for (const { namespace, name } of places)
    await stage.apply(deploymentManifest(namespace, { name, replicas: 1, version: '1.0.0' }));
  for (const { namespace, name } of places.slice(-1)) await stage.waitUntilSettled(namespace, [`deployments/${name}`]);
  return places;
}

/** The same configuration as the workers', in this process. */
async function openParts(folder: string, redisUrl: string, kubeconfig: string): Promise<Parts> {
  const config = parseConfig(await readFile(join(folder, 'lifeguard.yaml'), 'utf8'), 'lifeguard.yaml');
  const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  return createParts({ config, environment: { redisUrl, kubeconfig, port: 0 }, role: 'worker', log: silent });
}

function ignore(): void {
  // What is measured is told at the end.
}

interface Scene {
  readonly stage: Stage;
  readonly places: readonly Place[];
  readonly crew: Crew;
  readonly parts: Parts;
  readonly tell: (sentence: string) => void;
}

async function play(scene: Scene): Promise<readonly Row[]> {
  const { parts, tell, crew } = scene;
  const before = await generations(scene);
  const approvals: CarriedOut[] = [];
  let [approved, counted, lost] = [0, 0, 0];
  let asked = await proposeAll(scene);
  tell(`proposals: ${asked.length} wait for approval`);
  for (let round = 0; asked.length > 0 && round < rounds; round += 1) {
    counted += await approveAll(asked, parts);
    const ended = await untilEnded(asked, parts);
    const carriedOut = ended.filter(isCarriedOut);
    approved += ended.filter(({ proposal }) => proposal.decision !== undefined).length;
    lost += asked.length - ended.length;
    approvals.push(...carriedOut);
    asked = await askAgain(ended, parts);
    const why = carriedOut.find(({ execution }) => execution.phase === 'refused')?.execution.outcome ?? '';
    tell(
      `proposals: ${carriedOut.length} approvals have ended, ${asked.length} are asked again, ${crew.killed()} killed. ${why}`,
    );
  }
  await crew.stop();
  const after = await generations(scene);
  const written = new Map(scene.places.map(({ name }, index) => [name, (after[index] ?? 0) - (before[index] ?? 0)]));
  const rows = countWrites({ approvals, counted, approved, lost, written, killed: crew.killed() });
  return [...rows, await checkAudit(parts), await timeGuardrails(approvals, parts)];
}

/** One incident for each workload; then everything at once. */
async function proposeAll({ places, parts }: Scene): Promise<readonly string[]> {
  const { registry } = parts;
  const targets = places.map((place) => ({ kind: 'Deployment' as const, ...place }));
  const incidents: { readonly incidentId: string; readonly target: (typeof targets)[number] }[] = [];
  for (const target of targets)
    incidents.push({ incidentId: (await registry.request(target, 'Restarts are asked for')).id, target });
  const asked = Array.from({ length: wishes }, (_, index) => incidents[index % workloads]).filter(
    (one) => one !== undefined,
  );
  const origin = { surface: 'slash', user: 'U_DAN' } as const;
  return Promise.all(
    asked.map(({ incidentId, target }) =>
      propose({ incidentId, actionId: 'restart-workload', params: { target }, reason: 'measured', origin }, parts),
    ),
  );
}

async function propose(request: Request, { ops }: Parts): Promise<string> {
  const made = await submit(request, ops);
  if ('refused' in made) throw new Error(made.refused);
  return made.proposal.id;
}

/** Of five who want the same workload restarted one is first; the others see a new card, or are told to ask again, and do. */
function askAgain(ended: readonly Ended[], parts: Parts): Promise<readonly string[]> {
  const refused = ended.filter(({ execution }) => execution === undefined || execution.phase === 'refused');
  return Promise.all(
    refused.map(async ({ proposal: { supersededBy, incidentId, actionId, params, reason, origin } }) => {
      return supersededBy ?? (await propose({ incidentId, actionId, params, reason, origin }, parts));
    }),
  );
}

/** Cards that are pressed at the same time: each press looks at the cluster first. */
const pressedAtOnce = 50;

/** Everybody presses every button, those of many cards at the same time. Answers how many presses counted. */
async function approveAll(ids: readonly string[], { ops }: Parts): Promise<number> {
  let counted = 0;
  for (let from = 0; from < ids.length; from += pressedAtOnce) {
    const cards = ids.slice(from, from + pressedAtOnce);
    const presses = cards.flatMap((proposalId) => voters.map((user) => approve({ proposalId, user }, ops)));
    counted += (await Promise.all(presses)).filter((answer) => 'proposal' in answer).length;
  }
  return counted;
}

interface Ended {
  readonly proposal: Proposal;
  /** Absent where the workload had changed before anybody's yes could count: a new card asks instead. */
  readonly execution: Execution | undefined;
}

type CarriedOut = Ended & { readonly execution: Execution };

function isCarriedOut(one: Ended): one is CarriedOut {
  return one.execution !== undefined;
}

async function untilEnded(ids: readonly string[], { store }: Parts): Promise<readonly Ended[]> {
  const start = Date.now();
  for (;;) {
    // What became of the proposal is written before its execution ends.
    const looked = await Promise.all(
      ids.map(async (id) => ({ execution: await store.executions.get(id), proposal: await store.proposals.get(id) })),
    );
    const ended = looked.flatMap(({ proposal, execution }) =>
      proposal !== undefined && hasEnded(proposal, execution) ? [{ proposal, execution }] : [],
    );
    if (ended.length === ids.length) return ended;
    if (Date.now() - start > patienceMs) return ended;
    await pause(500);
  }
}

function hasEnded({ state, decision }: Proposal, execution: Execution | undefined): boolean {
  return execution === undefined ? state === 'expired' && decision === undefined : isFinished(execution);
}

/** How often the specification of each was changed, as the API server counts it. */
async function generations({ stage, places }: Scene): Promise<readonly number[]> {
  const paths = places.map(({ namespace, name }) => `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`);
  return Promise.all(paths.map(async (path) => readNumber(await stage.get(path), 'metadata', 'generation') ?? 0));
}

interface Counted {
  readonly approvals: readonly CarriedOut[];
  /** Presses that counted, and proposals that were pressed. */
  readonly counted: number;
  readonly approved: number;
  /** Proposals that came to no end. */
  readonly lost: number;
  /** Changes of each workload, by name. */
  readonly written: ReadonlyMap<string, number>;
  readonly killed: number;
}

function countWrites({ approvals, counted, approved, lost: endless, written, killed }: Counted): readonly Row[] {
  const applied = approvals.filter(({ execution }) => execution.appliedAt !== undefined);
  const perWorkload = Map.groupBy(applied, ({ proposal }) => proposal.plan.target.name);
  const surplus = [...written].map(([name, count]) => count - (perWorkload.get(name)?.length ?? 0));
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const twice = sum(surplus.filter((more) => more > 0));
  const lost = sum(surplus.filter((more) => more < 0).map((less) => -less)) + endless;
  const waits = applied.map(({ proposal, execution }) => (execution.appliedAt ?? 0) - (proposal.decision?.at ?? 0));
  const name = `${wishes} proposals at once on ${workloads} workloads`;
  const rest = {
    comparedWith: `${killed} workers killed (SIGKILL) of ${workers} at a time`,
    runs: `${approved} approvals`,
  };
  return [
    {
      ...rest,
      name: `${name}, each pressed by ${voters.length} at once: presses that counted`,
      figure: `${counted} for ${approved} approvals`,
      comparedWith: `${approved * voters.length} presses`,
      target: 'one each',
    },
    {
      ...rest,
      name: `${name}: written, each once; the other approvals met a changed workload`,
      figure: `${sum([...written.values()])}`,
      target: `${wishes}`,
    },
    { ...rest, name: `${name}: written twice, lost`, figure: `${twice}, ${lost}`, target: '0, 0' },
    {
      ...rest,
      name: `${name}: click to applied`,
      figure: `${seconds(median(waits))}, worst ${seconds(Math.max(...waits))}`,
      target: '',
    },
  ];
}

/** What all guardrails say to each of them, one after the other, with everything that was done meanwhile on record. */
async function timeGuardrails(approvals: readonly CarriedOut[], { ops }: Parts): Promise<Row> {
  const times: number[] = [];
  for (const { proposal } of approvals.slice(0, wishes)) {
    const action = findAction(proposal.actionId);
    if (action === undefined) continue;
    const tally = { subject: refKey(proposal.plan.target), cause: 'requested-change' };
    const start = performance.now();
    await judge({ action, plan: proposal.plan, origin: proposal.origin, tally }, ops);
    times.push(performance.now() - start);
  }
  const p99 = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN;
  return {
    name: `all guardrails asked, with what came of ${wishes} proposals on record`,
    figure: `${median(times).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
    comparedWith: 'facts read from Redis and the API server included',
    target: '',
    runs: `${times.length}, median`,
  };
}

/** Whether everybody who wrote at once, killed or not, has left one whole chain. */
async function checkAudit({ store }: Parts): Promise<Row> {
  const check = checkChain();
  for await (const record of store.audit.all()) check.add(record);
  const { records, faults } = check.finish(await store.audit.head());
  return {
    name: `${wishes} proposals at once on ${workloads} workloads: audit records, faults in the chain`,
    figure: `${records}, ${faults.length}`,
    comparedWith: '',
    target: '0 faults',
    runs: '1',
  };
}
