import jsonPatch from 'fast-json-patch';
import { LifeguardError } from '../../../src/core/errors.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { LiveObject, Objects } from '../../../src/core/ports/objects.ts';
import { type ResourceRef, refKey, refName } from '../../../src/core/resource-ref.ts';

export interface FakeObjects extends Objects {
  put(ref: ResourceRef, spec: JsonObject): LiveObject['ref'];
  /** Patches that were kept. */
  readonly writes: readonly Parameters<Objects['patch']>[0][];
}

/** Objects in memory, with JSON Patch as the API server does it. */
export function createFakeObjects(): FakeObjects {
  const entries = new Map<string, LiveObject>();
  const writes: Parameters<Objects['patch']>[0][] = [];

  function find(ref: ResourceRef): LiveObject | undefined {
    const found = entries.get(refKey(ref));
    return ref.uid === undefined || found?.ref.uid === ref.uid ? found : undefined;
  }

  return {
    writes,
    read: async (ref) => find(ref),
    async patch(request) {
      const { ref, operations, dryRun } = request;
      const live = find(ref);
      if (live === undefined)
        throw new LifeguardError(`There is no ${refKey(ref)}.`, { code: 'cluster-not-found', retry: 'permanent' });
      const { annotations, labels, spec } = live;
      const steps = operations.map(({ op, path, value }) => (op === 'remove' ? { op, path } : { op, path, value }));
      const raw = {
        metadata: { ...(Object.keys(annotations).length === 0 ? {} : { annotations }), labels, uid: live.ref.uid },
        spec,
      };
      const changed = apply(raw, steps);
      const next = { ...live, annotations: changed.metadata.annotations ?? {}, spec: leaveOut(live, changed.spec) };
      if (dryRun) return next;
      writes.push(request);
      entries.set(refKey(ref), next);
      return next;
    },
    find: async (kind, words) =>
      [...entries.values()]
        .map(({ ref }) => ref)
        .filter((ref) => ref.kind === kind && (ref.name === words || refName(ref) === words)),
    put(ref, spec) {
      const live = { ref: { ...ref, uid: `uid-${entries.size + 1}-${ref.name}` }, annotations: {}, labels: {}, spec };
      entries.set(refKey(ref), live);
      return live.ref;
    },
  };
}

/** The API server leaves out what is off on a node. */
function leaveOut({ ref }: LiveObject, spec: JsonObject): JsonObject {
  const { unschedulable, ...rest } = spec;
  return ref.kind === 'Node' && unschedulable === false ? rest : spec;
}

interface Raw {
  readonly metadata: { readonly annotations?: Record<string, string> };
  readonly spec: JsonObject;
}

function apply(raw: Raw, steps: Parameters<typeof jsonPatch.applyPatch>[1]): Raw {
  try {
    return jsonPatch.applyPatch(raw, steps, true, false).newDocument;
  } catch (cause) {
    throw new LifeguardError('The change does not fit any more.', {
      code: 'cluster-conflict',
      retry: 'conflict',
      cause,
    });
  }
}
