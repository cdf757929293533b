import type jsonPatch from 'fast-json-patch';
import { applyOperations } from '../../../demo/cluster/patches.ts';
import { LifeguardError } from '../../../src/core/errors.ts';
import { type JsonObject, readArray, readObject, readString } from '../../../src/core/json.ts';
import type { LiveObject, Objects } from '../../../src/core/ports/objects.ts';
import { type ResourceRef, refKey } from '../../../src/core/resource-ref.ts';

type Content = Partial<Omit<LiveObject, 'ref'>>;

export interface FakeObjects extends Objects {
  /** A ref with a uid is that very object, changed. */
  put(ref: ResourceRef, content: Content): LiveObject['ref'];
  /** Plays the controller of one object. */
  setStatus(ref: ResourceRef, status: JsonObject): void;
  /** Writes that were kept, as `patch Node node-1`. */
  readonly writes: readonly string[];
  /** Pods that a disruption budget holds, by name, and the server's words. */
  readonly held: Map<string, string>;
  /** Pods that take no resize, by name, and the server's words. */
  readonly rigid: Map<string, string>;
}

/** Objects in memory, with JSON Patch as the API server does it. What is removed or evicted is gone at once. */
export function createFakeObjects(): FakeObjects {
  const entries = new Map<string, LiveObject>();
  const writes: string[] = [];
  const held = new Map<string, string>();
  const rigid = new Map<string, string>();
  let made = 0;

  function find(ref: ResourceRef): LiveObject | undefined {
    const found = entries.get(refKey(ref));
    return ref.uid === undefined || found?.ref.uid === ref.uid ? found : undefined;
  }
  function liveOf(ref: ResourceRef, content: Content): LiveObject {
    made += 1;
    return { ...nothing, ...content, ref: { ...ref, uid: ref.uid ?? `uid-${made}-${ref.name}` } };
  }
  function keep(verb: string, live: LiveObject): LiveObject {
    writes.push(`${verb} ${refKey(live.ref)}`);
    entries.set(refKey(live.ref), live);
    return live;
  }

  return {
    writes,
    held,
    rigid,
    read: async (ref) => find(ref),
    list: async ({ kind, namespace, name, node }) =>
      [...entries.values()].filter(
        ({ ref, spec }) =>
          ref.kind === kind &&
          (namespace === undefined || ref.namespace === namespace) &&
          (name === undefined || ref.name === name) &&
          (node === undefined || spec['nodeName'] === node),
      ),
    async patch({ ref, operations, dryRun, part }) {
      const refusal = part === 'resize' ? rigid.get(ref.name) : undefined;
      if (refusal !== undefined) throw new LifeguardError(refusal, { code: 'cluster-rejected', retry: 'permanent' });
      const live = find(ref);
      if (live === undefined)
        throw new LifeguardError(`There is no ${refKey(ref)}.`, { code: 'cluster-not-found', retry: 'permanent' });
      const next = patched(live, operations);
      if (dryRun) return next;
      const isLetGo = next.deletion !== undefined && next.finalizers.length === 0;
      keep('patch', next);
      if (isLetGo) entries.delete(refKey(ref));
      return next;
    },
    async create({ kind, namespace, body, dryRun }) {
      const ref = { kind, namespace, name: readString(body, 'metadata', 'name') ?? '' };
      if (find(ref) !== undefined) throw conflict();
      const live = liveOf(ref, contentOf(body));
      return dryRun ? live : keep('create', live);
    },
    async remove({ ref, dryRun }) {
      if (dryRun || find(ref) === undefined) return;
      writes.push(`remove ${refKey(ref)}`);
      entries.delete(refKey(ref));
    },
    async evict({ ref, dryRun }) {
      const hold = held.get(ref.name);
      if (hold !== undefined || dryRun || find(ref) === undefined) return hold;
      writes.push(`evict ${refKey(ref)}`);
      entries.delete(refKey(ref));
      return undefined;
    },
    setStatus(ref, status) {
      const live = find(ref);
      if (live !== undefined) entries.set(refKey(ref), { ...live, status });
    },
    put(ref, content) {
      const live = liveOf(ref, content);
      entries.set(refKey(ref), live);
      return live.ref;
    },
  };
}

function contentOf(body: JsonObject): Content {
  const texts = (field: string) =>
    Object.fromEntries(
      Object.keys(readObject(body, 'metadata', field)).map((name) => [
        name,
        readString(body, 'metadata', field, name) ?? '',
      ]),
    );
  const [owner] = readArray(body, 'metadata', 'ownerReferences');
  const at = (field: string): string => readString(owner, field) ?? '';
  return {
    annotations: texts('annotations'),
    labels: texts('labels'),
    owner: owner === undefined ? undefined : { kind: at('kind'), name: at('name'), uid: at('uid') },
    spec: readObject(body, 'spec'),
    data: readObject(body, 'data'),
    binaryData: readObject(body, 'binaryData'),
    immutable: body['immutable'] === true,
  };
}

const nothing: Omit<LiveObject, 'ref'> = {
  annotations: {},
  labels: {},
  owner: undefined,
  finalizers: [],
  deletion: undefined,
  spec: {},
  status: {},
  data: {},
  binaryData: {},
  immutable: false,
  allowsExpansion: false,
};

function patched(live: LiveObject, operations: Parameters<Objects['patch']>[0]['operations']): LiveObject {
  const { annotations, labels, finalizers, spec, data, binaryData } = live;
  const steps = operations.map(({ op, path, value }) => (op === 'remove' ? { op, path } : { op, path, value }));
  const raw: Raw = {
    metadata: {
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      ...(finalizers.length === 0 ? {} : { finalizers }),
      labels,
      uid: live.ref.uid,
    },
    spec,
    ...(isEmpty(data) ? {} : { data }),
    ...(isEmpty(binaryData) ? {} : { binaryData }),
  };
  const { metadata, ...changed } = apply(raw, steps);
  return {
    ...live,
    annotations: metadata.annotations ?? {},
    finalizers: metadata.finalizers ?? [],
    spec: leaveOut(live, changed.spec),
    data: changed.data ?? {},
    binaryData: changed.binaryData ?? {},
  };
}

/** The API server leaves out what is off on a node. */
function leaveOut({ ref }: LiveObject, spec: JsonObject): JsonObject {
  const { unschedulable, ...rest } = spec;
  return ref.kind === 'Node' && unschedulable === false ? rest : spec;
}

interface Raw {
  readonly metadata: {
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
    readonly labels: Readonly<Record<string, string>>;
    readonly uid: string;
  };
  readonly spec: JsonObject;
  readonly data?: JsonObject;
  readonly binaryData?: JsonObject;
}

function isEmpty(texts: JsonObject): boolean {
  return Object.keys(texts).length === 0;
}

function apply(raw: Raw, steps: readonly jsonPatch.Operation[]): Raw {
  try {
    return applyOperations(raw, structuredClone(steps));
  } catch (cause) {
    throw conflict(cause);
  }
}

function conflict(cause?: unknown): LifeguardError {
  return new LifeguardError('The change does not fit any more.', {
    code: 'cluster-conflict',
    retry: 'conflict',
    cause,
  });
}
