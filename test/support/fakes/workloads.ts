import { isDeepStrictEqual } from 'node:util';
import jsonPatch from 'fast-json-patch';
import { LifeguardError } from '../../../src/core/errors.ts';
import { type JsonObject, readNumber, readObject, readString } from '../../../src/core/json.ts';
import type {
  Autoscaler,
  PatchRequest,
  PodRef,
  Revision,
  VerticalAutoscaler,
  Workload,
  Workloads,
} from '../../../src/core/ports/workloads.ts';
import { refKey, type WorkloadRef } from '../../../src/core/resource-ref.ts';
import { workloadOf } from '../../../src/platform/kubernetes/workload-state.ts';

interface NewWorkload {
  readonly ref: WorkloadRef;
  /** One revision each, oldest first; the last is current. */
  readonly templates: readonly JsonObject[];
  readonly replicas?: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly paused?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface FakeWorkloads extends Workloads {
  /** Adds a workload, fully rolled out, or replaces one of the same name by a new object. */
  put(workload: NewWorkload): WorkloadRef & { readonly uid: string };
  remove(ref: WorkloadRef): void;
  /** Overwrites the counts that the controller reports. */
  setCounts(ref: WorkloadRef, counts: Counts): void;
  /** Somebody else changes the object. */
  interfere(ref: WorkloadRef, operations: PatchRequest['operations']): void;
  /** Plays the controller for one workload: observes the newest specification, numbers its template, makes it ready. */
  settle(ref: WorkloadRef): void;
  /** An autoscaler sets how many replicas this workload has. */
  scaleBy(ref: WorkloadRef, autoscaler: Autoscaler): void;
  /** A VerticalPodAutoscaler sets what its pods request. */
  sizeBy(ref: WorkloadRef, autoscaler: VerticalAutoscaler): void;
  /** Every call fails with this error from now on; undefined ends it. */
  breakWith(error: LifeguardError | undefined): void;
  /** Patches that were kept, oldest first; dry runs are not among them. */
  readonly writes: readonly PatchRequest[];
  readonly deletedPods: readonly PodRef[];
}

interface Entry {
  raw: JsonObject;
  /** Newest first. */
  revisions: readonly Revision[];
  /** Number of the revision that `raw`'s template belongs to, once observed. */
  revision: number | undefined;
}

interface FakeOptions {
  /** False: the controller catches up only when `settle` is called. Default true. */
  readonly settles?: boolean;
  readonly now?: () => number;
}

/** Workloads in memory, with the API server's generations, JSON Patch, and reuse of revisions. */
export function createFakeWorkloads({ settles = true, now = () => 0 }: FakeOptions = {}): FakeWorkloads {
  const entries = new Map<string, Entry>();
  const writes: PatchRequest[] = [];
  const deletedPods: PodRef[] = [];
  const autoscalers = new Map<string, Autoscaler>();
  const verticals = new Map<string, VerticalAutoscaler>();
  let broken: LifeguardError | undefined;
  let uids = 0;

  function find(ref: WorkloadRef): Entry | undefined {
    const entry = entries.get(refKey(ref));
    return ref.uid === undefined || readString(entry?.raw, 'metadata', 'uid') === ref.uid ? entry : undefined;
  }

  function require(ref: WorkloadRef): Entry {
    const entry = entries.get(refKey(ref));
    if (entry === undefined) throw failure('cluster-not-found', `There is no ${refKey(ref)}.`);
    if (find(ref) === undefined) throw failure('cluster-conflict', `${refKey(ref)} is another object now.`);
    return entry;
  }

  function settle(ref: WorkloadRef): void {
    const entry = require(ref);
    const desired = readNumber(entry.raw, 'spec', 'replicas') ?? 1;
    const status = { ...statusOf(ref, desired), observedGeneration: generationOf(entry.raw) };
    entry.raw = toJson({ ...entry.raw, status });
    if (readObject(entry.raw, 'spec')['paused'] !== true) number(entry, ref, now());
    else entry.revision = hasNewestTemplate(entry) ? entry.revisions[0]?.revision : undefined;
  }

  return {
    writes,
    deletedPods,
    async deletePod(pod) {
      if (broken !== undefined) throw broken;
      deletedPods.push(pod);
    },
    async autoscaler(ref) {
      if (broken !== undefined) throw broken;
      return autoscalers.get(refKey(ref));
    },
    async verticalAutoscaler(ref) {
      if (broken !== undefined) throw broken;
      const found = verticals.get(refKey(ref));
      return found?.mode === 'Off' ? undefined : found;
    },
    sizeBy(ref, autoscaler) {
      verticals.set(refKey(ref), autoscaler);
    },
    scaleBy(ref, autoscaler) {
      autoscalers.set(refKey(ref), autoscaler);
    },
    settle,
    async read(ref) {
      if (broken !== undefined) throw broken;
      const entry = find(ref);
      return entry === undefined ? undefined : workloadOf(ref, entry.raw, entry.revision);
    },
    async revisions(ref) {
      if (broken !== undefined) throw broken;
      return find(ref)?.revisions ?? [];
    },
    async patch(request) {
      if (broken !== undefined) throw broken;
      const entry = require(request.ref);
      const changed = change(entry, request.operations);
      const answer = workloadOf(request.ref, changed.raw, changed.revision);
      if (request.dryRun) return answer;
      writes.push(request);
      Object.assign(entry, changed);
      if (settles) settle(request.ref);
      return answer;
    },
    put({ ref, templates, replicas = 1, annotations = {}, labels = {}, paused = false }) {
      uids += 1;
      const { name, namespace } = ref;
      const metadata = { name, namespace, uid: `uid-${uids}`, generation: 1, annotations, labels };
      const raw = toJson({ kind: ref.kind, metadata, spec: { replicas, paused, template: templates[0] ?? {} } });
      const entry: Entry = { raw, revisions: [], revision: undefined };
      entries.set(refKey(ref), entry);
      for (const template of templates) {
        entry.raw = toJson({ ...entry.raw, spec: { replicas, paused, template } });
        number(entry, ref, now());
      }
      settle(ref);
      return { ...ref, uid: metadata.uid };
    },
    remove(ref) {
      entries.delete(refKey(ref));
    },
    setCounts(ref, counts) {
      const entry = require(ref);
      const fields = ref.kind === 'DaemonSet' ? daemonFields(counts) : replicaFields(counts);
      entry.raw = toJson({ ...entry.raw, status: { ...readObject(entry.raw, 'status'), ...fields } });
    },
    interfere(ref, operations) {
      Object.assign(require(ref), change(require(ref), operations));
      if (settles) settle(ref);
    },
    breakWith(error) {
      broken = error;
    },
  };
}

/** Applies a patch as the API server would; the entry itself stays as it is. */
function change(entry: Entry, operations: PatchRequest['operations']): Entry {
  const raw = patched(entry.raw, operations);
  const replicas = readObject(raw, 'spec')['replicas'];
  if (typeof replicas !== 'number' || !Number.isInteger(replicas) || replicas < 0) {
    throw failure('cluster-rejected', 'spec.replicas must be a whole number, zero or more.');
  }
  if (isDeepStrictEqual(raw['spec'], entry.raw['spec'])) return { ...entry, raw };
  const metadata = { ...readObject(raw, 'metadata'), generation: generationOf(raw) + 1 };
  return { ...entry, raw: toJson({ ...raw, metadata }), revision: undefined };
}

/** The API server refuses any operation that does not fit the live object, a failed `test` or a missing path, in the same way. */
function patched(raw: JsonObject, operations: PatchRequest['operations']): JsonObject {
  const steps = operations.map(({ op, path, value }) => (op === 'remove' ? { op, path } : { op, path, value }));
  try {
    return jsonPatch.applyPatch(raw, structuredClone(steps), true, false).newDocument;
  } catch (cause) {
    throw new LifeguardError('The change does not fit any more.', {
      code: 'cluster-conflict',
      retry: 'conflict',
      cause,
    });
  }
}

/** Gives a template its number: an old one that is back gets a new number, as the controllers do it. */
function number(entry: Entry, ref: WorkloadRef, at: number): void {
  const template = templateOf(entry.raw);
  const next = (entry.revisions[0]?.revision ?? 0) + 1;
  const known = entry.revisions.find((revision) => isDeepStrictEqual(revision.template, template));
  if (known === undefined) {
    entry.revisions = [{ revision: next, name: `${ref.name}-${next}`, createdAt: at, template }, ...entry.revisions];
  } else if (known !== entry.revisions[0]) {
    entry.revisions = [{ ...known, revision: next }, ...entry.revisions.filter((revision) => revision !== known)];
  }
  entry.revision = entry.revisions[0]?.revision;
}

function hasNewestTemplate({ raw, revisions }: Entry): boolean {
  return isDeepStrictEqual(revisions[0]?.template, templateOf(raw));
}

/** A copy without undefined fields, as it would come over the wire. */
function toJson(value: object): JsonObject {
  return readObject(JSON.parse(JSON.stringify(value)));
}

function templateOf(raw: JsonObject): JsonObject {
  return readObject(raw, 'spec', 'template');
}

function generationOf(raw: JsonObject): number {
  return readNumber(raw, 'metadata', 'generation') ?? 0;
}

function statusOf(ref: WorkloadRef, count: number): JsonObject {
  const counts = { ready: count, updated: count, available: count };
  return ref.kind === 'DaemonSet' ? { desiredNumberScheduled: count, ...daemonFields(counts) } : replicaFields(counts);
}

type Counts = Partial<Pick<Workload, 'ready' | 'updated' | 'available'>>;

function replicaFields({ ready, updated, available }: Counts): JsonObject {
  return present({ readyReplicas: ready, updatedReplicas: updated, availableReplicas: available });
}

function daemonFields({ ready, updated, available }: Counts): JsonObject {
  return present({ numberReady: ready, updatedNumberScheduled: updated, numberAvailable: available });
}

function present(fields: Readonly<Record<string, number | undefined>>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function failure(code: 'cluster-not-found' | 'cluster-conflict' | 'cluster-rejected', text: string): LifeguardError {
  return new LifeguardError(text, { code, retry: code === 'cluster-conflict' ? 'conflict' : 'permanent' });
}
