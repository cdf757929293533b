import { randomUUID } from 'node:crypto';
import type { Limits } from './limits.ts';

export type TriggerState = 'fresh' | 'unknown' | 'used' | 'expired';

export interface Trigger {
  readonly userId: string;
  /** The view in which the person pressed, if any. */
  readonly viewId?: string | undefined;
}

/** trigger_ids: good once, for a few seconds. */
export class Triggers {
  readonly #issued = new Map<string, { readonly trigger: Trigger; readonly at: number; used: boolean }>();
  readonly #limits: Limits;
  readonly #now: () => number;

  constructor(limits: Limits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  issue(trigger: Trigger): string {
    const id = `${this.#issued.size + 1}.${randomUUID()}`;
    this.#issued.set(id, { trigger, at: this.#now(), used: false });
    return id;
  }

  redeem(id: string): { readonly state: TriggerState; readonly trigger?: Trigger } {
    const issued = this.#issued.get(id);
    if (issued === undefined) return { state: 'unknown' };
    if (issued.used) return { state: 'used' };
    if (this.#now() - issued.at > this.#limits.triggerLifeMs) return { state: 'expired' };
    issued.used = true;
    return { state: 'fresh', trigger: issued.trigger };
  }
}

/** What a response_url belongs to. */
export interface Origin {
  readonly channelId: string;
  readonly userId: string;
  /** The message whose button was pressed. */
  readonly messageTs?: string | undefined;
  readonly threadTs?: string | undefined;
}

/** response_urls: a few uses within half an hour. */
export class ResponseUrls {
  readonly #issued = new Map<string, { readonly origin: Origin; readonly at: number; uses: number }>();
  readonly #limits: Limits;
  readonly #now: () => number;

  constructor(limits: Limits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  issue(origin: Origin): string {
    const id = randomUUID();
    this.#issued.set(id, { origin, at: this.#now(), uses: 0 });
    return id;
  }

  /** The origin, or the error code Slack answers. */
  redeem(id: string): Origin | 'expired_url' | 'used_url' {
    const issued = this.#issued.get(id);
    if (issued === undefined || this.#now() - issued.at > this.#limits.responseUrlLifeMs) return 'expired_url';
    if (issued.uses >= this.#limits.responseUrlUses) return 'used_url';
    issued.uses += 1;
    return issued.origin;
  }
}
