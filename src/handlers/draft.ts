import { describeError } from '../core/errors.ts';
import type { Message } from '../core/ports/channel.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Log } from '../core/ports/log.ts';

/** An answer that takes a while: what is being done is shown in its place. */
export interface Draft {
  /** Of what comes faster than it may be shown, the newest counts. Never fails. */
  readonly show: (message: Message) => void;
  /** Puts the answer there; fails only where it cannot be posted either. */
  readonly finish: (message: Message) => Promise<void>;
}

export interface DraftPlace {
  /** Answers its id, by which it can be edited; undefined where it cannot. */
  readonly post: (message: Message) => Promise<string | undefined>;
  readonly edit: (id: string, message: Message) => Promise<void>;
  /** Between two looks at what is being done, milliseconds. */
  readonly everyMs: number;
  /** So often what is being done is shown before the answer. */
  readonly most: number;
}

interface DraftOptions extends DraftPlace {
  readonly clock: Clock;
  readonly log: Log;
}

export function openDraft({ post, edit, everyMs, most, clock, log }: DraftOptions): Draft {
  let id: string | undefined;
  let shown = 0;
  let next: Message | undefined;
  let last = Number.NEGATIVE_INFINITY;
  let busy: Promise<void> | undefined;
  let cancel: (() => void) | undefined;

  async function put(message: Message): Promise<void> {
    shown += 1;
    if (id === undefined) id = await post(message);
    else await edit(id, message);
  }

  function flush(): void {
    cancel = undefined;
    if (next === undefined || busy !== undefined) return;
    const message = next;
    next = undefined;
    last = clock.now();
    busy = put(message)
      .catch((error: unknown) => log.warn('what is being done is not shown', { problem: describeError(error) }))
      .finally(() => {
        busy = undefined;
        plan();
      });
  }

  function plan(): void {
    if (next === undefined || busy !== undefined || cancel !== undefined || shown >= most) return;
    if (clock.now() >= last + everyMs) flush();
    else cancel = clock.schedule(last + everyMs, flush);
  }

  return {
    show(message) {
      next = message;
      plan();
    },
    async finish(message) {
      next = undefined;
      cancel?.();
      await busy;
      const edited = id !== undefined && (await edit(id, message).then(() => true, refuse(log)));
      if (!edited) await post(message);
    },
  };
}

/** Somebody may have deleted it meanwhile. */
function refuse(log: Log): (error: unknown) => false {
  return (error) => {
    log.warn('an answer is posted anew, because it could not be edited', { problem: describeError(error) });
    return false;
  };
}
