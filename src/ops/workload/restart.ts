import type { PatchOperation } from '../../core/action.ts';
import { readObject, readTime } from '../../core/json.ts';
import type { Workload } from '../../core/ports/workloads.ts';
import { replaceTemplate } from './patch.ts';

/** The annotation that `kubectl rollout restart` sets; using the same one keeps both histories readable. */
const restartedAt = 'kubectl.kubernetes.io/restartedAt';

/** Operations that replace every pod without changing anything else. `at` in epoch milliseconds. */
export function restartTemplate({ ref, template }: Workload, at: number): PatchOperation[] {
  const annotations = {
    ...readObject(template, 'metadata', 'annotations'),
    [restartedAt]: new Date(at).toISOString(),
  };
  return replaceTemplate(ref.uid, template, {
    ...template,
    metadata: { ...readObject(template, 'metadata'), annotations },
  });
}

/** What a restart leaves on each template; a plan for several workloads keeps it, so that those restarted since then are told apart. */
export function stampRestart(at: number): PatchOperation {
  const value = new Date(at).toISOString();
  return { op: 'add', path: `/spec/template/metadata/annotations/${restartedAt.replace('/', '~1')}`, value };
}

/** Epoch milliseconds. */
export function readStamp(patch: readonly PatchOperation[]): number {
  return readTime(patch[0], 'value') ?? Infinity;
}

/** Whether it was restarted at that time or later, whoever did it. */
export function isRestartedSince({ template }: Workload, at: number): boolean {
  return (readTime(template, 'metadata', 'annotations', restartedAt) ?? 0) >= at;
}
