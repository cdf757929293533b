import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { startRedis } from '../demo/redis.ts';
import { findRoots } from '../src/analysis/correlation/correlate.ts';
import type { Finding } from '../src/core/finding.ts';
import { Incident } from '../src/core/incident.ts';
import { createKeyedQueue } from '../src/core/keyed-queue.ts';
import { createIncidentRegistry, type IncidentRegistry, type Surroundings } from '../src/incidents/registry.ts';
import { connectRedis, openRedis } from '../src/platform/redis/connection.ts';
import { createIncidentIndex } from '../src/platform/redis/incident-index.ts';
import { createKeyspace } from '../src/platform/redis/keyspace.ts';
import { createRecords } from '../src/platform/redis/records.ts';
import { systemClock } from '../src/platform/system/clock.ts';
import { randomIdentifiers } from '../src/platform/system/identifiers.ts';
import { aFinding } from '../test/support/builders.ts';
import { aContainer, aNode, aPod, aWorkload, now, viewOf } from '../test/support/views.ts';
import { median, seconds } from './figures.ts';
import type { Row } from './table.ts';

const runs = 3;
/** As many as the pipeline reports at once. */
const concurrency = 8;
const share = 5;
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

interface Load {
  readonly findings: readonly Finding[];
  readonly surroundings: Surroundings;
  /** Incidents that it ends in. */
  readonly incidents: number;
}

/** So many workloads with troubled pods on one node, and last the node that is not ready. */
function onOneNode(count: number): Load {
  const names = Array.from({ length: count }, (_, index) => `app-${index}`);
  const view = viewOf({
    workload: names.map((name) => aWorkload({ name, uid: `uid-${name}` })),
    revision: [],
    pod: names.map((name) =>
      aPod({
        name: `${name}-0`,
        node: 'node-1',
        owner: { kind: 'Deployment', name, uid: `uid-${name}` },
        containers: [aContainer({ ready: false })],
      }),
    ),
    node: [aNode()],
  });
  const node = aFinding({
    subject: { kind: 'Node', namespace: '', name: 'node-1' },
    kind: 'node-not-ready',
    since: now,
  });
  const findings = [node, ...names.map((name) => fault(name))];
  return { findings, incidents: 1, surroundings: { correlate: (all) => findRoots(all, view), labelsOf: () => ({}) } };
}

/** So many workloads that have nothing to do with each other. */
function apart(count: number): Load {
  const names = Array.from({ length: count }, (_, index) => `app-${index}`);
  const view = viewOf({ workload: names.map((name) => aWorkload({ name, uid: `uid-${name}` })), revision: [] });
  const correlate: Surroundings['correlate'] = (all) => findRoots(all, view);
  return { findings: names.map(fault), incidents: count, surroundings: { correlate, labelsOf: () => ({}) } };
}

function fault(name: string): Finding {
  return aFinding({ subject: { kind: 'Deployment', namespace: 'shop', name, uid: `uid-${name}` }, since: now });
}

/** Milliseconds until all of it is in its incidents. */
async function time({ findings, surroundings, incidents }: Load, registry: IncidentRegistry): Promise<number> {
  const start = performance.now();
  const queue = createKeyedQueue<Finding>(concurrency, async (one) => void (await registry.observe(one, surroundings)));
  for (const [index, one] of findings.entries()) queue.add(`${index}`, one);
  await queue.idle();
  await registry.regroup(surroundings);
  const took = performance.now() - start;
  const open = await registry.open();
  if (open.length !== incidents) throw new Error(`${open.length} incidents instead of ${incidents}`);
  return took;
}

const shapes = [
  { name: '300 workloads join the incident of their node', load: onOneNode, count: 300 },
  { name: '500 incidents open at once', load: apart, count: 500 },
] as const;

/** How long a storm takes to be in its incidents, with the real registry and Redis, beside a fifth of it. */
export async function measureGrouping(path: string): Promise<readonly Row[]> {
  const server = await startRedis({ path });
  const redis = connectRedis(server.url, quiet);
  try {
    await openRedis(redis, server.url);
    const rows: Row[] = [];
    for (const shape of shapes) rows.push(await measureShape(shape, () => openRegistry(redis)));
    return rows;
  } finally {
    redis.disconnect();
    await server.stop();
  }
}

async function measureShape(
  { name, load, count }: (typeof shapes)[number],
  open: () => IncidentRegistry,
): Promise<Row> {
  const [all, part]: [number[], number[]] = [[], []];
  for (let run = 0; run < runs; run += 1) {
    part.push(await time(load(count / share), open()));
    all.push(await time(load(count), open()));
  }
  const [whole, fifth] = [median(all), median(part)];
  return {
    name,
    figure: seconds(whole),
    comparedWith: `a fifth of them: ${seconds(fifth)}; ${share} times as many take ${(whole / fifth).toFixed(1)} times as long`,
    target: '',
    runs: `${runs}, median`,
  };
}

/** With a record of its own. */
function openRegistry(redis: Redis): IncidentRegistry {
  const keyspace = createKeyspace(randomUUID());
  return createIncidentRegistry({
    cluster: 'bench',
    incidents: createRecords({ redis, keyspace, name: 'incidents', schema: Incident, keepSeconds: 3_600 }),
    index: createIncidentIndex(redis, keyspace),
    queue: { execute: async () => undefined, explain: async () => undefined, report: async () => undefined },
    clock: systemClock,
    identifiers: randomIdentifiers,
    log: quiet,
    routing: { channel: 'C_OPS', routes: [], maintenance: [] },
    escalations: {},
    maintenance: { all: async () => [] },
    retract: async () => undefined,
  });
}
