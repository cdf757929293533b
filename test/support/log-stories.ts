import { logErrors } from '../../src/analysis/detectors/log-errors.ts';
import { logNumbers } from '../../src/analysis/detectors/log-numbers.ts';
import { logSilence } from '../../src/analysis/detectors/log-silence.ts';
import { createLogDigest } from '../../src/analysis/logs/digest.ts';
import type { Finding } from '../../src/core/finding.ts';
import type { LogLine, LogOrigin } from '../../src/core/log-record.ts';
import type { LogsView } from '../../src/core/views/logs.ts';
import {
  calm,
  type Moment,
  type Random,
  randomOf,
  regular,
  type Said,
  type Style,
  saySomething,
  sayUnlike,
  type World,
  write,
} from './log-world.ts';
import { aPod, aRevision, checkout, minutes, now, viewOf } from './views.ts';

/** A log in which one thing goes wrong, or nothing. */
export interface Story {
  readonly name: string;
  readonly lines: number;
  /** How long it goes on. */
  readonly minutes: number;
  readonly pods: number;
  readonly seed: number;
  readonly world: World;
  /** What is said besides. */
  readonly say: (now: Moment) => Said;
  /** What is said once, or from a moment on: where the moment begins, and after which part of the lines again; Infinity for once. */
  readonly extras: readonly { readonly from: number; readonly every: number; readonly said: Said }[];
  /** What the pattern says that gives the cause away. */
  readonly cause: RegExp;
  /** The findings that people get by themselves; none where the log alone alarms nobody. */
  readonly kinds: readonly string[];
}

const styles: readonly Style[] = ['log4j', 'pino', 'logfmt', 'klog'];

/** Where a number that goes from one value to another between two moments stands. */
function slope([from, to]: readonly [number, number], [begin, end]: readonly [number, number]) {
  return (moment: number): number => from + (to - from) * Math.min(1, Math.max(0, (moment - begin) / (end - begin)));
}

/** Of the usual size. */
export const plainStory: Omit<Story, 'name'> = {
  lines: 100_000,
  minutes: 50,
  pods: 4,
  seed: 1,
  world: calm,
  say: saySomething,
  extras: [],
  cause: /(?!)/,
  kinds: [],
};

export const stories: readonly Story[] = [
  {
    ...plainStory,
    name: 'one error',
    extras: [
      {
        from: 0.7,
        every: Infinity,
        said: {
          level: 'error',
          prose: 'order 48213 could not be stored: duplicate key value violates unique constraint "orders_pkey"',
          trace: [
            '\tat com.example.shop.Orders.store(Orders.java:211)',
            '\tat com.example.shop.Front.post(Front.java:88)',
          ],
        },
      },
    ],
    cause: /orders_pkey/,
    kinds: [],
  },
  {
    ...plainStory,
    name: 'latency drifts from 100 ms to 5 s',
    lines: 150_000,
    world: { ...calm, latency: slope([100, 5_000], [0, 1]) },
    cause: /request completed|answered \d+ in/,
    kinds: ['log-number-drift'],
  },
  {
    ...plainStory,
    name: 'a pool fills up',
    world: { ...calm, pool: slope([4, 21], [0.3, 0.85]) },
    extras: [
      {
        from: 0.88,
        every: 0.0015,
        said: { level: 'error', prose: 'checkout failed: timeout waiting for a connection after 30000 ms' },
      },
    ],
    cause: /pool|waiting for a connection/,
    kinds: ['log-error-new', 'log-number-drift'],
  },
  {
    ...plainStory,
    name: 'a cache no longer helps after a reload',
    world: { ...calm, hitRate: (moment) => (moment < 0.7 ? 92 : 28) },
    extras: [
      {
        from: 0.7,
        every: Infinity,
        said: { level: 'info', prose: 'configuration reloaded from /etc/shop/cache.yaml' },
      },
    ],
    cause: /hit rate|cache stats|cache miss|configuration reloaded/,
    kinds: ['log-number-drift'],
  },
  {
    ...plainStory,
    name: 'timeouts grow from 0.1 % to 60 %',
    world: { ...calm, timeouts: slope([0.001, 0.6], [0, 1]) },
    cause: /timed out/,
    kinds: ['log-error-surge'],
  },
  {
    ...plainStory,
    name: 'a heartbeat stops',
    world: { ...calm, beats: (moment) => moment < 0.85 },
    cause: /queue consumer alive/,
    kinds: ['log-heartbeat-stopped'],
  },
  {
    ...plainStory,
    name: 'a million lines in a minute',
    lines: 1_000_000,
    minutes: 1,
    pods: 10,
    extras: [
      {
        from: 0.5,
        every: 0.005,
        said: { level: 'error', prose: 'cannot reach payments: dial tcp 10.0.0.7:8080: connection refused' },
      },
    ],
    cause: /connection refused/,
    kinds: [],
  },
];

/** What its bounds are for. */
export const unlike: Story = { ...plainStory, name: 'no two lines alike', lines: 100_000, say: sayUnlike };

/** The same log without what goes wrong. */
export function calmTwin(story: Story): Story {
  return { ...story, name: `${story.name}, not`, world: calm, extras: [], kinds: [] };
}

export interface Written {
  readonly origin: LogOrigin;
  readonly line: LogLine;
}

/** The log, oldest line first; it ends at `now`. */
export function* tell(story: Story): Generator<Written> {
  const random = randomOf(story.seed);
  const span = story.minutes * minutes;
  const due = regular.map(() => Array.from({ length: story.pods }, () => random()));
  for (let index = 0; index < story.lines; index += 1) {
    const moment = index / story.lines;
    const pod = Math.floor(random() * story.pods);
    const at = Math.floor(now - span + span * moment);
    const said =
      sayExtra(story, index) ??
      sayRegular({ story, due, pod, random }, moment) ??
      story.say({ world: story.world, moment, random });
    const origin = { namespace: 'shop', pod: podName(pod), container: 'app' };
    for (const text of write(styles[pod % styles.length] ?? 'pino', at, said)) yield { origin, line: { at, text } };
  }
}

function podName(pod: number): string {
  return `checkout-2-${String.fromCharCode(97 + pod)}`;
}

function sayExtra({ extras, lines }: Story, index: number): Said | undefined {
  return extras.find(({ from, every }) => {
    const since = index - Math.floor(from * lines);
    return since === 0 || (since > 0 && every !== Infinity && since % Math.ceil(every * lines) === 0);
  })?.said;
}

interface Speaking {
  readonly story: Story;
  /** Of each thing that is said regularly and each pod, when it is said next, in its own intervals. */
  readonly due: readonly number[][];
  readonly pod: number;
  readonly random: Random;
}

function sayRegular({ story, due, pod, random }: Speaking, moment: number): Said | undefined {
  const passed = moment * story.minutes * 60;
  const place = regular.findIndex(([every], index) => (due[index]?.[pod] ?? 0) * every <= passed);
  const [every = 1, say] = regular[place] ?? [];
  const own = due[place];
  if (own === undefined || say === undefined) return undefined;
  own[pod] = Math.max(own[pod] ?? 0, passed / every - 1) + 1;
  return say({ world: story.world, moment, random });
}

/** What the detectors make of such a log. */
export function judgeLogs(logs: LogsView, { pods }: Pick<Story, 'pods'>): readonly Finding[] {
  const old = { createdAt: logs.since };
  const pod = Array.from({ length: pods }, (_, index) => aPod({ ...old, name: podName(index), uid: `uid-${index}` }));
  const view = viewOf({ pod, revision: [aRevision(1, old), aRevision(2, old)], logs: [logs] });
  return [logErrors, logSilence, logNumbers].flatMap(
    (detector) => detector.configure({}).evaluate({ subject: checkout, view, now }).findings,
  );
}

/** What is known of it at its end. */
export function digestStory(story: Story): LogsView {
  const digest = createLogDigest({ regarding: checkout, since: now - story.minutes * minutes, bucketMs: 30_000 });
  for (const { origin, line } of tell(story)) digest.push(origin, [line]);
  return digest.view(now);
}
