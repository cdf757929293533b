import type { Snapshot } from './app.ts';
import { botChannel, channelMessages, type State } from './model.ts';

export interface Unread {
  /** Marks what is on screen as seen. What exists at the first look of a person counts as seen, too. */
  readonly look: (snapshot: Snapshot) => void;
  readonly count: (state: State, channel: string) => number;
}

function newest(state: State, channel: string): number {
  return Number(channelMessages(state, channel).at(-1)?.ts ?? 0);
}

/** Unread messages per person and channel, as long as the page is open. */
export function createUnread(): Unread {
  const seen = new Map<string, number>();
  const look = ({ state, ui }: Snapshot): void => {
    const shown = ui.place === 'channel' ? ui.channel : (botChannel(state)?.id ?? '');
    const looking = ui.place !== 'home' && !document.hidden;
    for (const { id } of state.channels) {
      const key = `${state.me}/${id}`;
      if (!seen.has(key) || (looking && id === shown)) seen.set(key, newest(state, id));
    }
  };
  const count = (state: State, channel: string): number => {
    const since = seen.get(`${state.me}/${channel}`) ?? 0;
    return channelMessages(state, channel).filter((message) => Number(message.ts) > since && message.user !== state.me)
      .length;
  };
  return { look, count };
}
