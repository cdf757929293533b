import { detectors } from '../src/analysis/detectors/index.ts';
import { evaluateSubject } from '../src/analysis/evaluation.ts';
import type { ClusterReader } from '../src/core/ports/cluster-reader.ts';
import { systemClock } from '../src/platform/system/clock.ts';
import { createClusterView } from '../src/signals/cluster-view.ts';
import { keepEvidence } from '../src/signals/evidence.ts';
import { chooseSources } from '../src/signals/sources/index.ts';
import { createTroubleBook } from '../src/signals/troubles.ts';
import { watchSources } from '../src/signals/watcher.ts';

/** How often the detectors are asked, milliseconds. */
const askEveryMs = 50;

interface Wanted {
  /** Any of these kinds of finding. */
  readonly kinds: readonly string[];
  readonly namespace: string;
  /** `Deployment/app` */
  readonly subject: string;
}

export interface FindingWatch {
  /** When one of the findings first held, by a watch of our own, epoch milliseconds. */
  heldAt(wanted: Wanted): number | undefined;
  /** Resolves once the signal has aborted. */
  readonly stopped: Promise<void>;
}

/**
 * Watches the cluster beside Lifeguard and asks the detectors again and again, timers or not: a finding first holds once its condition does and the
 * detector has waited as long as it wants to be sure.
 */
export function watchFindings(reader: ClusterReader, signal: AbortSignal): FindingWatch {
  const view = createClusterView();
  const asked = detectors.map((detector) => detector.configure({}));
  const held = new Map<string, number>();
  const silent = (): void => undefined;
  const { stopped } = watchSources(chooseSources({ watchCertificates: false }), {
    reader,
    namespaces: [],
    signal,
    troubles: createTroubleBook({ debug: silent, info: silent, warn: silent, error: silent }, systemClock),
    emit(seen) {
      const kept = keepEvidence(seen);
      if (kept !== undefined) view.apply(kept);
    },
  });
  const asking = setInterval(() => {
    const now = Date.now();
    for (const subject of view.subjects()) {
      for (const { kind } of evaluateSubject(asked, { subject, view, now }).findings) {
        const key = `${kind} ${subject.namespace} ${subject.kind}/${subject.name}`;
        if (!held.has(key)) held.set(key, now);
      }
    }
  }, askEveryMs);
  signal.addEventListener('abort', () => clearInterval(asking), { once: true });
  return {
    stopped,
    heldAt({ kinds, namespace, subject }) {
      const times = kinds.flatMap((kind) =>
        [namespace, ''].flatMap((place) => held.get(`${kind} ${place} ${subject}`) ?? []),
      );
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}
