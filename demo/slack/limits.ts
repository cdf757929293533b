/** Slack's limits with their published values; `rates: false` switches only the rate limits off. */
export interface Limits {
  readonly rates: boolean;
  /** chat.postMessage and chat.postEphemeral, for each channel. */
  readonly messagesPerSecond: number;
  readonly messageBurst: number;
  /** All channels together. */
  readonly messagesPerMinute: number;
  /** Calls per minute for each method of tiers 1 to 4. */
  readonly tiers: Readonly<Record<Tier, number>>;
  /** Characters of the JSON text of all blocks of a message. Source: bolt-js issue 2509. */
  readonly blockChars: number;
  readonly textChars: number;
  /** chat.update counts escaped bytes. */
  readonly updateTextBytes: number;
  readonly triggerLifeMs: number;
  readonly responseUrlUses: number;
  readonly responseUrlLifeMs: number;
  /** How long the app may take to acknowledge, in real milliseconds (not those of the injected clock). */
  readonly ackMs: number;
  readonly connections: number;
  readonly modalStack: number;
}

export type Tier = 'tier1' | 'tier2' | 'tier3' | 'tier4';

export const slackLimits: Limits = {
  rates: true,
  messagesPerSecond: 1,
  messageBurst: 5,
  messagesPerMinute: 300,
  tiers: { tier1: 1, tier2: 20, tier3: 50, tier4: 100 },
  blockChars: 13_200,
  textChars: 40_000,
  updateTextBytes: 4_000,
  triggerLifeMs: 3_000,
  responseUrlUses: 5,
  responseUrlLifeMs: 30 * 60_000,
  ackMs: 3_000,
  connections: 10,
  modalStack: 3,
};

export interface Allowance {
  readonly burst: number;
  readonly perMinute: number;
}

interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

/** Token buckets, one per key, on an injected clock. */
export class RateBuckets {
  readonly #buckets = new Map<string, Bucket>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes one token; returns 0, or the milliseconds until one is free (then nothing is taken). */
  take(key: string, allowance: Allowance): number {
    const at = this.#now();
    const perMs = allowance.perMinute / 60_000;
    const old = this.#buckets.get(key) ?? { tokens: allowance.burst, at };
    const tokens = Math.min(allowance.burst, old.tokens + Math.max(0, at - old.at) * perMs);
    const free = tokens >= 1;
    this.#buckets.set(key, { tokens: free ? tokens - 1 : tokens, at });
    return free ? 0 : Math.ceil((1 - tokens) / perMs);
  }
}
