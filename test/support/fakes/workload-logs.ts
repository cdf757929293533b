import type { LogWish, WorkloadLog, WorkloadLogs } from '../../../src/core/ports/workload-logs.ts';
import { type ResourceRef, refName } from '../../../src/core/resource-ref.ts';
import type { LogsView } from '../../../src/core/views/logs.ts';
import { theLogs } from '../log-views.ts';

/** Logs of one pod per workload, given as texts a second apart; what was asked for is kept. */
export function createFakeWorkloadLogs() {
  const written = new Map<string, readonly string[]>();
  const views = new Map<string, LogsView>();
  const asked: (LogWish & { readonly ref: string })[] = [];
  let from: Omit<WorkloadLog, 'lines'> = { source: 'pods', read: 1, pods: 1 };
  return {
    asked,
    /** What would have been read instead does not answer. */
    miss: (unanswered: string) => void (from = { ...from, unanswered }),
    /** `about`: `namespace/name`. */
    write: (about: string, lines: readonly string[]) => void written.set(about, lines),
    show: (about: string, view: LogsView) => void views.set(about, view),
    async read(ref: ResourceRef, wish: LogWish): Promise<WorkloadLog> {
      asked.push({ ...wish, ref: refName(ref) });
      const pod = `${ref.name}-1`;
      const lines = (written.get(refName(ref)) ?? []).map((text, index) => ({
        namespace: ref.namespace,
        pod,
        container: 'app',
        at: index * 1000,
        text,
      }));
      return { lines, ...from };
    },
    patterns: async (ref: ResourceRef) => ({
      logs: views.get(refName(ref)) ?? { ...theLogs([]), patterns: [] },
      ...from,
    }),
  } satisfies WorkloadLogs & Record<string, unknown>;
}
