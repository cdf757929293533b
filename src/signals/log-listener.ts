import { type LogOrigin, originKey } from '../core/log-record.ts';
import { matches } from '../core/pattern.ts';
import type { LogDigest } from '../core/ports/log-digest.ts';
import type { LogFollower } from '../core/ports/log-source.ts';
import { type ResourceRef, refKey } from '../core/resource-ref.ts';
import type { Signal } from '../core/signal.ts';
import type { ClusterView } from '../core/view.ts';
import type { LogsView } from '../core/views/logs.ts';
import type { PodView } from '../core/views/pod.ts';
import { keepPolling, type PollingContext } from './polling.ts';

export interface LogListenerContext extends PollingContext {
  readonly view: ClusterView;
  /** Workloads that are in trouble now. */
  readonly affected: () => Promise<readonly ResourceRef[]>;
  /** Namespaces of which all workloads are listened to; `*` at the end matches any ending. */
  readonly namespaces: readonly string[];
  readonly follower: LogFollower;
  readonly createDigest: (regarding: ResourceRef, since: number) => LogDigest;
  readonly emit: (signal: Signal) => void;
}

/** How often it is looked who is to be listened to, and what was heard is told, milliseconds. */
const everyMs = 5_000;

/** Until what was written before is read, nothing is told: a log that has only begun to come looks like one without trouble. Milliseconds. */
const settleMs = 2 * everyMs;

/** How far back is read where listening begins: what is usual must be known to see what is not. Milliseconds. */
const backMs = 30 * 60_000;

/** How long a workload is listened to after its trouble ended, milliseconds: the proof that it ended is in the log too. */
const lingerMs = 10 * 60_000;

/** Containers listened to at once: of one workload, and of all together. */
const most = { ofWorkload: 10, ofAll: 200 } as const;

const stream = { name: 'logs', kind: 'logs' } as const;

interface Listening {
  readonly ref: ResourceRef;
  readonly digest: LogDigest;
  /** Epoch milliseconds at which listening began. */
  readonly begunAt: number;
  /** `namespace/pod/container` -> ends its stream. */
  readonly streams: Map<string, AbortController>;
  /** The same -> from where it goes on, epoch milliseconds. */
  readonly heard: Map<string, number>;
  /** Epoch milliseconds until which it is listened to. */
  until: number;
  /** What was told of it last. */
  told: { readonly said: LogsView; readonly unheard: readonly string[] } | undefined;
}

interface State extends LogListenerContext {
  /** Workloads by their names. */
  readonly listening: Map<string, Listening>;
  /** `namespace/pod/container` -> what keeps it from being read. */
  readonly troubles: Map<string, string>;
}

/** Listens to the logs of workloads in trouble, and to all of the chosen namespaces; emits what they say as patterns. */
export function watchLogs(context: LogListenerContext): void {
  const state: State = { ...context, listening: new Map(), troubles: new Map() };
  keepPolling(() => listen(state), everyMs, context);
}

async function listen(state: State): Promise<number> {
  const { clock, signal, listening, troubles } = state;
  const refs = await wanted(state);
  if (signal.aborted) return everyMs;
  const now = clock.now();
  for (const ref of refs) begin(ref, now, state);
  let left = most.ofAll;
  for (const [key, one] of listening) {
    if (one.until < now) end(key, one, state);
    else left -= attend(one, left, state);
  }
  for (const one of listening.values()) if (now - one.begunAt >= settleMs) tell('seen', one, state);
  const [trouble] = troubles.values();
  if (trouble !== undefined) throw new Error(trouble);
  return everyMs;
}

function begin(ref: ResourceRef, now: number, { listening, createDigest }: State): void {
  const key = refKey(ref);
  const known = listening.get(key);
  const until = now + lingerMs;
  if (known === undefined) {
    const digest = createDigest(ref, now - backMs);
    listening.set(key, { ref, digest, begunAt: now, streams: new Map(), heard: new Map(), until, told: undefined });
  } else known.until = until;
}

/** Opens and ends streams so that they are those of the pods there are now. Answers how many there are. */
function attend(one: Listening, left: number, state: State): number {
  const origins = originsOf(state.view.podsOf(one.ref)).slice(0, Math.min(most.ofWorkload, left));
  const present = new Set(origins.map(originKey));
  for (const [key, ending] of one.streams) if (!present.has(key)) ending.abort();
  for (const origin of origins) if (!one.streams.has(originKey(origin))) void follow(origin, one, state);
  return origins.length;
}

async function follow(origin: LogOrigin, { streams, heard, digest }: Listening, state: State): Promise<void> {
  const { clock, signal, follower, troubles } = state;
  const key = originKey(origin);
  const ending = new AbortController();
  streams.set(key, ending);
  const from = heard.get(key) ?? clock.now() - backMs;
  await follower.follow({
    origin,
    from,
    signal: AbortSignal.any([signal, ending.signal]),
    onLines(lines) {
      digest.push(origin, lines);
      heard.set(key, (lines.at(-1)?.at ?? from) + 1);
    },
    onTrouble(problem) {
      if (problem === undefined) troubles.delete(key);
      else troubles.set(key, problem);
    },
  });
  troubles.delete(key);
  streams.delete(key);
  digest.end(origin);
}

/** Of what is seen only what is new: lines, a bucket that ended (so silence is told as well: it may mean something), or who can be heard. */
function tell(type: 'seen' | 'gone', one: Listening, { clock, emit, signal, troubles }: State): void {
  if (signal.aborted) return;
  const said = one.digest.view(clock.now());
  const unheard = unheardOf(one, troubles);
  if (type === 'seen' && said === one.told?.said && unheard.join() === one.told.unheard.join()) return;
  one.told = { said, unheard };
  emit({ type, stream, observation: { kind: 'logs', object: { ...said, unheard } } });
}

function end(key: string, one: Listening, state: State): void {
  for (const ending of one.streams.values()) ending.abort();
  state.listening.delete(key);
  tell('gone', one, state);
}

/** Pods of which something cannot be read. */
function unheardOf({ streams }: Listening, troubles: ReadonlyMap<string, string>): readonly string[] {
  const keys = [...streams.keys()].filter((key) => troubles.has(key));
  return [...new Set(keys.map((key) => key.split('/')[1] ?? key))];
}

async function wanted({ view, affected, namespaces }: LogListenerContext): Promise<readonly ResourceRef[]> {
  const inTrouble = (await affected()).filter((ref) => view.podsOf(ref).length > 0);
  if (namespaces.length === 0) return inTrouble;
  const chosen = [...view.all('workload')].filter(({ namespace }) => matches(namespaces, namespace));
  return [...inTrouble, ...chosen.map(({ kind, namespace, name, uid }) => ({ kind, namespace, name, uid }))];
}

/** Containers that have something to say, the newest pods first. */
function originsOf(pods: readonly PodView[]): readonly LogOrigin[] {
  return pods
    .filter(({ phase }) => phase !== 'Pending')
    .toSorted((a, b) => b.createdAt - a.createdAt)
    .flatMap(({ namespace, name, containers }) =>
      containers
        .filter(({ role }) => role !== 'init')
        .map((container) => ({ namespace, pod: name, container: container.name })),
    );
}
