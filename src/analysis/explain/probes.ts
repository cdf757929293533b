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

interface Meaning {
  readonly pattern: RegExp;
  readonly words: (match: readonly string[]) => string;
  /** What to do about it: a sentence with the places of next steps; absent where the probe's kind says it. */
  readonly next?: string;
}

const log = '`kubectl -n {namespace|<namespace>} logs {pod|<pod>} -c {container|<container>}`';

/** Words of the kubelet's prober (k8s.io/kubernetes pkg/kubelet/prober, pkg/probe) and what they mean. */
const meanings: readonly Meaning[] = [
  {
    pattern: /:(\d+): connect: connection refused/,
    words: ([, port = '']) => `nothing listens on port ${port} (connection refused)`,
    next: `Compare the port of the probe with the one that the program listens on (its log: ${log}) and correct the one that is wrong; where they agree, it does not get as far as to listen, or only on localhost.`,
  },
  {
    pattern: /statuscode: (404)/i,
    words: ([, code = '']) => `it answers with HTTP status ${code}`,
    next: `Correct the path of the probe in the pod template, or let the program answer there; its log says what it is asked for (${log}).`,
  },
  {
    pattern: /statuscode: (40[13])/i,
    words: ([, code = '']) => `it answers with HTTP status ${code}`,
    next: 'Point the probe at a path that needs no sign-in, or give it the header that the program asks for (httpHeaders in the pod template).',
  },
  {
    pattern: /statuscode: (5\d\d)/i,
    words: ([, code = '']) => `it answers with HTTP status ${code}`,
    next: `The program itself says that it is not well: read why in its log (${log}); often a database or a service that it needs does not answer.`,
  },
  { pattern: /statuscode: (\d+)/i, words: ([, code = '']) => `it answers with HTTP status ${code}` },
  { pattern: /deadline exceeded|timed? ?out/i, words: () => 'it does not answer in time' },
  {
    pattern: /server gave HTTP response to HTTPS client/,
    words: () => 'it is asked by HTTPS and answers by HTTP',
    next: 'Set scheme HTTP in the probe of the pod template, or let the program serve TLS on that port.',
  },
  {
    pattern: /malformed HTTP response|first record does not look like/,
    words: () => 'it is asked by HTTP and answers something else',
    next: 'Set scheme HTTPS in the probe of the pod template if that port serves TLS; for gRPC or plain TCP use a grpc or tcpSocket probe.',
  },
  { pattern: /connection reset by peer|\bEOF\b/, words: () => 'it closes the connection without an answer' },
  {
    pattern: /exec: "([^"]+)":.*(?:not found|no such file)/,
    words: ([, path = '']) => `the command ${path} is not in the image`,
    next: 'Correct the command of the probe in the pod template, or use one that the image has (httpGet, tcpSocket and grpc probes need none).',
  },
  { pattern: /responded with "?(\w+)"?/, words: ([, status = '']) => `it answers ${status}` },
];

/** Why a probe fails: completes "its readiness probe fails: …" without a full stop, and what to do about it where that is known. */
export function explainProbeFailure(failure: string): { readonly words: string; readonly next?: string } {
  for (const { pattern, words, next } of meanings) {
    const match = pattern.exec(failure);
    if (match !== null) return next === undefined ? { words: words(match) } : { words: words(match), next };
  }
  return { words: failure === '' ? 'without a word' : `it says "${cut(failure, 160)}"` };
}
