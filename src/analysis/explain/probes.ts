import { latestEnd } from '../../core/container-runs.ts';
import { cut } from '../../core/cut.ts';
import type { ClusterView } from '../../core/view.ts';
import type { EventView } from '../../core/views/event.ts';
import type { ContainerView, PodView, Termination } from '../../core/views/pod.ts';

export type ProbeKind = 'liveness' | 'readiness' | 'startup';

interface ProbeQuestion {
  readonly view: ClusterView;
  readonly pod: PodView;
  readonly container: ContainerView;
}

/** Events have a resolution of a second. */
const resolutionMs = 1000;

/** What a container ends with that obeys SIGTERM, or is killed because it does not. */
const stopCodes = new Set([0, 137, 143]);

/**
 * The probe because of which the kubelet ended the latest run of a container; undefined where it ended by itself or no Event tells. The kubelet
 * sends about 25 Events of one pod and then one every five minutes (k8s.io/client-go tools/record, spam filter), so one Event stands for
 * later ends that look alike.
 */
export function killingProbe(question: ProbeQuestion): 'liveness' | 'startup' | undefined {
  const latest = latestEnd(question.container);
  if (latest === undefined || latest.reason === 'OOMKilled') return undefined;
  const kill = eventsAbout(question)
    .filter((event) => event.reason === 'Killing' && explainsEnd(event, latest))
    .toSorted((a, b) => b.lastSeen - a.lastSeen)[0];
  if (kill === undefined) return undefined;
  return kill.note.includes('startup probe') ? 'startup' : 'liveness';
}

function explainsEnd({ createdAt, lastSeen }: EventView, latest: Termination): boolean {
  if (createdAt > latest.finishedAt + resolutionMs) return false;
  return lastSeen >= latest.startedAt - resolutionMs || stopCodes.has(latest.exitCode);
}

/** The newest failure of a probe since `since`, in the kubelet's words (`dial tcp …: connection refused`), and when it was first seen. */
export function probeFailure(
  question: ProbeQuestion,
  probe: ProbeKind,
  since: number,
): { readonly words: string; readonly firstSeen: number } | undefined {
  const failures = eventsAbout(question).flatMap((event) => {
    const [, kind = '', words = ''] =
      /^(Liveness|Readiness|Startup) probe (?:failed|errored[^:]*): (.*)$/s.exec(event.note) ?? [];
    const counts =
      event.reason === 'Unhealthy' && kind.toLowerCase() === probe && event.lastSeen >= since - resolutionMs;
    return counts ? [{ words: words.trim(), firstSeen: event.createdAt, lastSeen: event.lastSeen }] : [];
  });
  return failures.toSorted((a, b) => b.lastSeen - a.lastSeen)[0];
}

function eventsAbout({ view, pod, container }: ProbeQuestion): readonly EventView[] {
  const events = view.eventsOf({ kind: 'Pod', namespace: pod.namespace, name: pod.name, uid: pod.uid });
  return events.filter((event) => event.container === undefined || event.container === container.name);
}

type Meaning = readonly [pattern: RegExp, words: (match: readonly string[]) => string];

/** Words of the kubelet's prober (k8s.io/kubernetes pkg/kubelet/prober, pkg/probe) and what they mean. */
const meanings: readonly Meaning[] = [
  [/:(\d+): connect: connection refused/, ([, port = '']) => `nothing listens on port ${port} (connection refused)`],
  [/statuscode: (\d+)/i, ([, code = '']) => `it answers with HTTP status ${code}`],
  [/deadline exceeded|timed? ?out/i, () => 'it does not answer in time'],
  [/server gave HTTP response to HTTPS client/, () => 'it is asked by HTTPS and answers by HTTP'],
  [/malformed HTTP response|first record does not look like/, () => 'it is asked by HTTP and answers something else'],
  [/connection reset by peer|\bEOF\b/, () => 'it closes the connection without an answer'],
  [/exec: "([^"]+)":.*(?:not found|no such file)/, ([, path = '']) => `the command ${path} is not in the image`],
  [/responded with "?(\w+)"?/, ([, status = '']) => `it answers ${status}`],
];

/** Completes "its readiness probe fails: …"; no full stop. */
export function explainProbeFailure(words: string): string {
  for (const [pattern, explain] of meanings) {
    const match = pattern.exec(words);
    if (match !== null) return explain(match);
  }
  return words === '' ? 'without a word' : `it says "${cut(words, 160)}"`;
}
