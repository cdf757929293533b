import { randomBytes } from 'node:crypto';
import { readNumber } from '../../src/core/json.ts';
import { type KubeObject, timeText } from './objects.ts';
import { events } from './resources.ts';
import type { Store } from './store.ts';
import type { Writes } from './writes.ts';

interface Report {
  readonly about: KubeObject;
  /** `spec.containers{app}`, for events about a container. */
  readonly fieldPath?: string;
  readonly reason: string;
  readonly note: string;
  readonly type: 'Normal' | 'Warning';
  /** Who reports: kubelet, deployment-controller. */
  readonly by: string;
  /** The reporter's node. */
  readonly node?: string;
}

/** Writes Events; the same one again is counted. */
export type EventRecorder = (report: Report) => void;

const mostKnown = 10_000;

export function createEventRecorder(store: Store, writes: Writes): EventRecorder {
  const known = new Map<string, string>();
  return function record(report) {
    const { metadata } = report.about;
    const namespace = metadata.namespace ?? 'default';
    const key = [metadata.uid, report.reason, report.note].join('\n');
    const before = store.get(events, namespace, known.get(key) ?? '');
    const now = timeText(Date.now());
    if (before !== undefined) {
      const count = (readNumber(before.object, 'deprecatedCount') ?? 1) + 1;
      store.put(events, { ...before.object, deprecatedCount: count, deprecatedLastTimestamp: now });
      return;
    }
    const name = `${metadata.name}.${randomBytes(8).toString('hex')}`;
    if (known.size > mostKnown) known.clear();
    known.set(key, name);
    try {
      writes.create(events, { metadata: { name, namespace }, ...describe(report, now) });
    } catch {
      // The namespace goes away: its events do too.
    }
  };
}

function describe({ about, fieldPath, reason, note, type, by, node }: Report, now: string): object {
  const { name, namespace, uid, resourceVersion } = about.metadata;
  const { kind, apiVersion } = about;
  return {
    eventTime: null,
    reportingController: by,
    ...(node === undefined ? {} : { reportingInstance: node }),
    reason,
    regarding: {
      kind,
      namespace,
      name,
      uid,
      apiVersion,
      resourceVersion,
      ...(fieldPath === undefined ? {} : { fieldPath }),
    },
    note,
    type,
    deprecatedSource: { component: by, ...(node === undefined ? {} : { host: node }) },
    deprecatedFirstTimestamp: now,
    deprecatedLastTimestamp: now,
    deprecatedCount: 1,
  };
}
