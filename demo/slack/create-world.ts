import { Changes } from './changes.ts';
import { DeliveryRoute } from './delivery.ts';
import { Directory } from './directory.ts';
import { CallFaults } from './faults.ts';
import { Files } from './files.ts';
import { type Limits, RateBuckets, slackLimits } from './limits.ts';
import { Manifest, sampleManifest } from './manifest.ts';
import { Messages } from './messages.ts';
import { Notices } from './notices.ts';
import { acmeShop, type Channel, type Seed, type User } from './seed.ts';
import { Sockets } from './sockets.ts';
import { ResponseUrls, Triggers } from './tickets.ts';
import { Views } from './views.ts';
import { Violations } from './violations.ts';
import type { World } from './world.ts';

export interface LocalSlackOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Where others find it (`http://slack.test.svc:8090`), where that is not loopback: then it listens on every address. */
  readonly origin?: string;
  /** For limits, expiry and timestamps. Epoch milliseconds. */
  readonly clock?: { now(): number };
  /** The parsed slack-manifest.json. */
  readonly manifest?: unknown;
  /** Added to the Acme Shop, or replacing who has the same id. */
  readonly users?: readonly User[];
  readonly channels?: readonly Channel[];
  readonly limits?: Partial<Limits>;
}

interface Wiring {
  readonly origin: () => string;
  /** A connection was greeted. */
  readonly onReady: () => void;
}

/** Long enough to look real, short enough not to trip scanners for leaked tokens. */
const tokens = {
  bot: 'xoxb-local-lifeguard',
  app: 'xapp-1-local-lifeguard',
  signingSecret: 'local-signing-secret',
} as const;

export function createWorld(options: LocalSlackOptions, wiring: Wiring): World {
  const clock = options.clock ?? { now: () => Date.now() };
  const now = () => clock.now();
  const limits: Limits = { ...slackLimits, ...options.limits };
  const changes = new Changes();
  const violations = new Violations();
  const sockets = new Sockets({ changes, violations, limits }, wiring.onReady);
  return {
    now,
    limits,
    tokens,
    origin: wiring.origin,
    changes,
    violations,
    manifest: options.manifest === undefined ? sampleManifest : Manifest.parse(options.manifest),
    directory: new Directory(extendSeed(options)),
    messages: new Messages(changes, now),
    views: new Views(changes),
    files: new Files(),
    notices: new Notices(changes),
    triggers: new Triggers(limits, now),
    responseUrls: new ResponseUrls(limits, now),
    buckets: new RateBuckets(now),
    callFaults: new CallFaults(),
    sockets,
    route: new DeliveryRoute({ sockets, signingSecret: tokens.signingSecret, limits, violations }),
  };
}

function extendSeed(options: LocalSlackOptions): Seed {
  return {
    ...acmeShop,
    users: merge(acmeShop.users, options.users ?? []),
    channels: merge(acmeShop.channels, options.channels ?? []),
  };
}

function merge<T extends { readonly id: string }>(own: readonly T[], added: readonly T[]): readonly T[] {
  return [...own.filter((one) => !added.some((other) => other.id === one.id)), ...added];
}
