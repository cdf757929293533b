import { readFile } from 'node:fs/promises';
import jsonPatch from 'fast-json-patch';
import { z } from 'zod';
import { detectors } from '../../src/analysis/detectors/index.ts';
import { evaluateSubject } from '../../src/analysis/evaluation.ts';
import { createGathering } from '../../src/composition/evidence.ts';
import type { Alert } from '../../src/core/alert.ts';
import type { Incident } from '../../src/core/incident.ts';
import { isJsonObject, type JsonObject } from '../../src/core/json.ts';
import type { PodLogs } from '../../src/core/ports/pod-logs.ts';
import { createPipeline } from '../../src/pipeline.ts';
import { createClusterView } from '../../src/signals/cluster-view.ts';
import { keepEvidence } from '../../src/signals/evidence.ts';
import { slimAlert } from '../../src/signals/slim/alert.ts';
import type { Source } from '../../src/signals/source.ts';
import { chooseSources } from '../../src/signals/sources/index.ts';
import type { Case } from '../scenarios/cases/case.ts';
import { createDeskWorld } from './desk.ts';
import { createSteppedClock } from './fakes/clock.ts';
import { createFakeConfigHistory } from './fakes/config-history.ts';

const Header = z.object({ id: z.string(), startedAt: z.number(), recordedFor: z.number() });

const Line = z.object({
  /** Milliseconds after the start. */
  at: z.number(),
  /** Id of the source. */
  source: z.string(),
  uid: z.string(),
  object: z.unknown().optional(),
  patch: z.array(z.unknown()).optional(),
  gone: z.boolean().optional(),
});

/** What came of a stream. */
export interface Played {
  readonly incidents: readonly Incident[];
  /** Objects that could have had one: all workloads and other subjects that were seen. */
  readonly subjects: number;
}

const stepMs = 5_000;

const sources = new Map(chooseSources({ watchCertificates: true }).map((source) => [source.id, source]));
const folder = new URL('../scenarios/streams/', import.meta.url);

/** Plays a recorded stream through the view, the detectors, the correlation and the registry, in its own time, as fast as it goes. */
export async function playStream({ id, minutes = 7 }: Case): Promise<Played> {
  const [first = '{}', ...rest] = (await readFile(new URL(`${id}.jsonl`, folder), 'utf8')).trimEnd().split('\n');
  const { startedAt } = Header.parse(JSON.parse(first));
  const stage = openStage(startedAt);
  const newest = new Map<string, JsonObject>();
  await stage.begin();
  for (const line of rest.map((text) => Line.parse(JSON.parse(text)))) {
    await stage.passTo(startedAt + line.at);
    stage.show(line, read(line, newest));
  }
  await stage.passTo(stage.now() + minutes * 60_000);
  const incidents = await stage.incidents();
  return { incidents, subjects: stage.subjects.size };
}

interface StageOptions {
  /** Default: nobody has said anything. */
  readonly logs?: PodLogs;
  /** Ids of the sources that cannot be read. */
  readonly unread?: readonly string[];
}

/** The pipeline over memory, with time that stands still until it is moved. `startedAt`: epoch milliseconds. */
export function openStage(startedAt: number, { logs = { read: async () => [] }, unread = [] }: StageOptions = {}) {
  const clock = createSteppedClock(startedAt);
  const world = createDeskWorld({ clock });
  const view = createClusterView(() => clock.now());
  const subjects = new Set<string>();
  const configured = detectors.map((detector) => detector.configure({}));
  const pipeline = createPipeline({
    view,
    evaluate: (subject, seen) => evaluateSubject(configured, { subject, view: seen, now: clock.now() }),
    registry: world.registry,
    ops: world.ops,
    logs,
    commandName: '/kube',
    gather: createGathering({
      metrics: undefined,
      traffic: world.ops.policy.verification.traffic,
      logs: world.logs,
      keepWhole: async () => undefined,
      history: createFakeConfigHistory(),
      open: () => world.registry.open(),
      clock,
      skewMs: () => 0,
      log: world.ops.log,
    }),
    weigh: ({ severity }) => severity,
    ready: () => true,
    signal: new AbortController().signal,
  });

  async function settle(): Promise<void> {
    await pipeline.idle();
    await pipeline.sweep();
    await pipeline.idle();
  }

  return {
    subjects,
    now: () => clock.now(),
    async begin(): Promise<void> {
      for (const source of [...sources.values()].filter(({ id }) => !unread.includes(id)))
        pipeline.accept({ type: 'listed', stream: streamOf(source), observations: [] });
      await settle();
    },
    async passTo(at: number): Promise<void> {
      while (clock.now() < at) {
        clock.advance(Math.min(stepMs, at - clock.now()));
        await settle();
      }
    },
    /** Alerts that fire from now on; they are all there are. */
    alert(alerts: readonly Alert[]): void {
      const observations = alerts.map((one) => ({ kind: 'alert', object: slimAlert(one) }) as const);
      pipeline.accept({ type: 'listed', stream: { name: 'alerts', kind: 'alert' }, observations });
    },
    show({ source: id, gone }: Pick<z.infer<typeof Line>, 'source' | 'gone'>, raw: JsonObject | undefined): void {
      const source = sources.get(id);
      const observation = raw === undefined ? undefined : source?.slim(raw);
      if (source === undefined || observation === undefined) return;
      const type = gone === true ? 'gone' : 'seen';
      const signal = keepEvidence({ type, stream: streamOf(source), observation });
      if (signal !== undefined) pipeline.accept(signal);
      for (const { kind, namespace, name } of view.subjects()) subjects.add(`${kind}/${namespace}/${name}`);
    },
    async incidents(): Promise<readonly Incident[]> {
      await settle();
      return (await world.context.incidents.recent(1_000)).filter(({ mergedInto }) => mergedInto === undefined);
    },
  };
}

function streamOf({ id, kind }: Source) {
  return { name: id, kind };
}

/** The object as it is after this line. */
function read({ uid, object, patch }: z.infer<typeof Line>, newest: Map<string, JsonObject>): JsonObject | undefined {
  const before = newest.get(uid);
  const after: unknown =
    patch === undefined || before === undefined
      ? (object ?? before)
      : jsonPatch.applyPatch(structuredClone(before), structuredClone(patch).filter(isOperation)).newDocument;
  if (!isJsonObject(after)) return undefined;
  newest.set(uid, after);
  return after;
}

function isOperation(value: unknown): value is jsonPatch.Operation {
  return isJsonObject(value) && typeof value['op'] === 'string' && typeof value['path'] === 'string';
}
