import type { Changes } from './changes.ts';
import type { DeliveryRoute } from './delivery.ts';
import type { Directory } from './directory.ts';
import type { CallFaults } from './faults.ts';
import type { Files } from './files.ts';
import type { Limits, RateBuckets } from './limits.ts';
import type { Manifest } from './manifest.ts';
import type { Messages } from './messages.ts';
import type { Notices } from './notices.ts';
import type { Sockets } from './sockets.ts';
import type { ResponseUrls, Triggers } from './tickets.ts';
import type { Views } from './views.ts';
import type { Violations } from './violations.ts';

/** Everything one local Slack holds, for the parts that serve it. */
export interface World {
  readonly now: () => number;
  readonly limits: Limits;
  readonly manifest: Manifest;
  readonly tokens: Tokens;
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly origin: () => string;
  readonly changes: Changes;
  readonly violations: Violations;
  readonly directory: Directory;
  readonly messages: Messages;
  readonly views: Views;
  readonly files: Files;
  readonly notices: Notices;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  readonly buckets: RateBuckets;
  readonly callFaults: CallFaults;
  readonly sockets: Sockets;
  readonly route: DeliveryRoute;
}

interface Tokens {
  readonly bot: string;
  readonly app: string;
  readonly signingSecret: string;
}
