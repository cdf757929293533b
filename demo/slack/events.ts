import { randomUUID } from 'node:crypto';
import { app, team } from './seed.ts';
import type { Delivery } from './sockets.ts';
import type { Wire } from './wire.ts';
import type { World } from './world.ts';

interface Undelivered {
  readonly payload: Wire;
  readonly attempts: number;
}

const mostRetries = 3;

/** Events to the app. One that nobody took is sent again when a connection says hello, at most three times. */
export class Events {
  #undelivered: readonly Undelivered[] = [];

  /** Sends an event, if the manifest subscribes to it. */
  async emit(world: World, subscription: string, event: Wire): Promise<Delivery | undefined> {
    if (!world.manifest.settings.event_subscriptions.bot_events.includes(subscription)) return undefined;
    const payload = envelopePayload(world, event);
    return await this.#send(world, { payload, attempts: 0 });
  }

  /** Sends what failed before, oldest first. */
  async retry(world: World): Promise<void> {
    const waiting = this.#undelivered;
    this.#undelivered = [];
    for (const one of waiting) await this.#send(world, { ...one, attempts: one.attempts + 1 });
  }

  async #send(world: World, one: Undelivered): Promise<Delivery> {
    const retry = one.attempts === 0 ? {} : { retryAttempt: one.attempts, retryReason: 'timeout' };
    const delivery = await world.route.deliver({ type: 'events_api', payload: one.payload, ...retry });
    if (delivery.state !== 'acked' && one.attempts < mostRetries) this.#undelivered = [...this.#undelivered, one];
    return delivery;
  }
}

function envelopePayload(world: World, event: Wire): Wire {
  return {
    token: 'verification-token',
    team_id: team.id,
    api_app_id: app.id,
    event,
    type: 'event_callback',
    event_id: `Ev${randomUUID().replaceAll('-', '').slice(0, 10).toUpperCase()}`,
    event_time: Math.floor(world.now() / 1000),
    authorizations: [
      { enterprise_id: null, team_id: team.id, user_id: app.userId, is_bot: true, is_enterprise_install: false },
    ],
    is_ext_shared_channel: false,
  };
}
