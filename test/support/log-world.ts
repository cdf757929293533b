/** What a made-up shop writes. Everything is drawn from one seed, so that a log comes out the same each time. */
export interface Said {
  readonly level: 'info' | 'warn' | 'error';
  /** For people, as loggers of text have it. */
  readonly prose: string;
  /** The same for structured loggers; `prose` where absent. */
  readonly brief?: string;
  readonly fields?: Readonly<Record<string, string | number>>;
  readonly trace?: readonly string[];
}

/** What the shop is like at a moment of its log, from 0 at its begin to 1 at its end. */
export interface World {
  /** Milliseconds of a request, about. */
  readonly latency: (moment: number) => number;
  /** Connections in use, of 20. */
  readonly pool: (moment: number) => number;
  /** Percent. */
  readonly hitRate: (moment: number) => number;
  /** The part of the requests that times out, 0 to 1. */
  readonly timeouts: (moment: number) => number;
  readonly beats: (moment: number) => boolean;
}

export const calm: World = {
  latency: () => 100,
  pool: () => 4,
  hitRate: () => 92,
  timeouts: () => 0,
  beats: () => true,
};

export type Random = () => number;

/** The generator mulberry32: 0 to 1. */
export function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface Moment {
  readonly world: World;
  readonly moment: number;
  readonly random: Random;
}

type Sayer = (now: Moment) => Said;

function whole(random: Random, from: number, to: number): number {
  return from + Math.floor(random() * (to - from));
}

function pick(random: Random, words: string): string {
  const all = words.split(' ');
  return all[whole(random, 0, all.length)] ?? '';
}

/** Most near the middle, some far above it, as latencies are. */
function spread(random: Random, middle: number): number {
  return Math.max(1, Math.round(middle * Math.exp((random() + random() + random() - 1.5) * 0.6)));
}

const request: Sayer = ({ world, moment, random }) => {
  const method = pick(random, 'GET GET GET POST PUT');
  const path = `/api/${pick(random, 'orders carts items users')}/${whole(random, 1_000, 99_999)}`;
  if (random() < world.timeouts(moment))
    return { level: 'error', prose: 'upstream payments timed out after 3000 ms', fields: { method, path } };
  const status = Number(pick(random, '200 200 200 200 201 204 304 404'));
  const took = spread(random, world.latency(moment));
  return {
    level: 'info',
    prose: `${method} ${path} answered ${status} in ${took} ms`,
    brief: 'request completed',
    fields: { method, path, status, duration_ms: took },
  };
};

const cache: Sayer = ({ world, moment, random }) => {
  const outcome = random() * 100 < world.hitRate(moment) ? 'hit' : 'miss';
  const key = `item:${whole(random, 1, 5_000)}`;
  return { level: 'info', prose: `cache ${outcome} for key ${key}`, brief: `cache ${outcome}`, fields: { key } };
};

const job: Sayer = ({ random }) => {
  const [rows, took] = [whole(random, 0, 400), spread(random, 40)];
  const name = pick(random, 'mail-digest stock-sync price-feed invoices');
  return {
    level: 'info',
    prose: `job ${name} finished: ${rows} rows, 0 errors, 0 failed, took ${took} ms`,
    brief: 'job finished',
    fields: { job: name, rows, errors: 0, failed: 0, took_ms: took },
  };
};

const login: Sayer = ({ random }) => {
  const user = `u${whole(random, 100, 9_999)}`;
  return random() < 0.02
    ? { level: 'info', prose: `login of ${user} failed: wrong password`, brief: 'login failed', fields: { user } }
    : { level: 'info', prose: `user ${user} signed in`, brief: 'signed in', fields: { user } };
};

const retry: Sayer = ({ random }) => {
  const wait = 100 * 2 ** whole(random, 0, 3);
  return random() < 0.5
    ? {
        level: 'warn',
        prose: `price feed answered 503, retrying in ${wait} ms`,
        fields: { attempt: whole(random, 1, 3) },
      }
    : { level: 'info', prose: 'price feed recovered after 1 retry, error rate 0.0%' };
};

const slowQuery: Sayer = ({ random }) => ({
  level: 'warn',
  prose: `slow query: select from order_items took ${whole(random, 500, 900)} ms`,
  brief: 'slow query',
  fields: { table: 'order_items', took_ms: whole(random, 500, 900) },
});

const message: Sayer = ({ random }) => {
  const [partition, offset] = [whole(random, 0, 12), whole(random, 100_000, 999_999)];
  return {
    level: 'info',
    prose: `consumed message from orders-${partition} at offset ${offset}`,
    brief: 'message consumed',
    fields: { topic: 'orders', partition, offset },
  };
};

const odd: Sayer = ({ random }) => ({
  level: 'info',
  prose: `${pick(random, 'rebalanced compacted refreshed rotated warmed')} ${pick(random, 'partitions segments keys tokens sessions')} in ${whole(random, 1, 20)} ms`,
});

/** How often each is said, of a thousand. */
const usual: readonly (readonly [share: number, sayer: Sayer])[] = [
  [520, request],
  [240, cache],
  [70, job],
  [60, login],
  [4, retry],
  [3, slowQuery],
  [100, message],
  [3, odd],
];

/** Something of what is said all the time. */
export function saySomething(now: Moment): Said {
  let rest = now.random() * 1_000;
  for (const [share, sayer] of usual) {
    rest -= share;
    if (rest < 0) return sayer(now);
  }
  return request(now);
}

/**
 * The worst that can be written, for the bounds: long lines in which no word comes back, some of them not in Latin letters, and among them four hundred that do come
 * back, full of numbers.
 */
export function sayUnlike({ random }: Moment): Said {
  const level = random() < 0.5 ? 'error' : 'info';
  if (random() < 0.2) return { level, prose: fullOfNumbers(whole(random, 0, 400), random) };
  const first = random() < 0.3 ? 0x430 : 97;
  const words = Array.from({ length: whole(random, 3, 120) }, () => wordOf(random, first));
  return { level, prose: words.join(pick(random, ', ; : = | ( ) .')) };
}

function fullOfNumbers(kind: number, random: Random): string {
  const name = wordOf(randomOf(kind), 97);
  const [one, other, third, fourth] = Array.from({ length: 4 }, () => whole(random, 1, 9_999));
  return `${name}: took ${one} ms, ${other} bytes, queue depth ${third}, retries ${fourth}`;
}

function wordOf(random: Random, first: number): string {
  return Array.from({ length: whole(random, 2, 12) }, () => String.fromCharCode(whole(random, first, first + 26))).join(
    '',
  );
}

/** What is said every so many seconds by each pod. */
export const regular: readonly (readonly [everySeconds: number, say: (now: Moment) => Said | undefined])[] = [
  [10, ({ world, moment }) => (world.beats(moment) ? { level: 'info', prose: 'queue consumer alive' } : undefined)],
  [
    5,
    () => ({
      level: 'info',
      prose: 'GET /healthz answered 200',
      brief: 'probe',
      fields: { path: '/healthz', status: 200 },
    }),
  ],
  [
    15,
    ({ world, moment, random }) => {
      const active = Math.min(20, Math.max(0, Math.round(world.pool(moment) + (random() - 0.5) * 2)));
      return { level: 'info', prose: `pool stats: active ${active}/20`, brief: `pool active ${active}/20` };
    },
  ],
  [
    30,
    ({ world, moment, random }) => {
      const rate = Math.round((world.hitRate(moment) + (random() - 0.5) * 4) * 10) / 10;
      return {
        level: 'info',
        prose: `cache stats: hit rate ${rate}%`,
        brief: 'cache stats',
        fields: { hit_rate_pct: rate },
      };
    },
  ],
  [60, ({ random }) => ({ level: 'info', prose: `heap used ${whole(random, 180, 260)}MB, 0 warnings, 0 errors` })],
];

/** How a container writes. */
export type Style = 'pino' | 'logfmt' | 'klog' | 'log4j';

/** The lines of one record. */
export function write(style: Style, at: number, said: Said): readonly string[] {
  return writers[style](at, said);
}

const writers: Readonly<Record<Style, (at: number, said: Said) => readonly string[]>> = {
  pino(time, { level, prose, brief, fields, trace }) {
    const stack = trace === undefined ? {} : { err: { message: prose, stack: [prose, ...trace].join('\n') } };
    const number = { info: 30, warn: 40, error: 50 }[level];
    return [
      JSON.stringify({ level: number, time, pid: 1, hostname: 'shop', ...fields, ...stack, msg: brief ?? prose }),
    ];
  },
  logfmt: (at, { level, prose, brief, fields = {} }) => [
    `time=${new Date(at).toISOString()} level=${level} msg=${JSON.stringify(brief ?? prose)}${pairs(fields, (text) => text)}`,
  ],
  klog(at, { level, prose, brief, fields = {}, trace = [] }) {
    const [date = '', clock = ''] = new Date(at).toISOString().slice(5, -1).split('T');
    const head = `${level.slice(0, 1).toUpperCase()}${date.replace('-', '')} ${clock}000       1 shop.go:${prose.length}]`;
    return [`${head} ${JSON.stringify(brief ?? prose)}${pairs(fields, (text) => JSON.stringify(text))}`, ...trace];
  },
  log4j(at, { level, prose, trace = [] }) {
    const time = new Date(at).toISOString().slice(0, -1).replace('T', ' ').replace('.', ',');
    return [
      `${time} ${level.toUpperCase().padEnd(5)} [http-nio-8080-exec-${(at % 9) + 1}] c.e.shop.Front - ${prose}`,
      ...trace,
    ];
  },
};

function pairs(fields: Readonly<Record<string, string | number>>, quoted: (text: string) => string): string {
  return Object.entries(fields)
    .map(([name, value]) => ` ${name}=${typeof value === 'number' ? value : quoted(value)}`)
    .join('');
}
