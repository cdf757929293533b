import type { Ui } from './app.ts';
import { botChannel, channelMessages, isReply, type Message, type State } from './model.ts';

function latest(messages: readonly Message[]): number {
  return Number(messages.at(-1)?.ts ?? 0);
}

/** Before a person chooses, the page shows the channel where something happened last. */
function chooseChannel(state: State, ui: Ui): string {
  const open = state.channels.filter((channel) => !channel.isDm);
  const current = open.find((channel) => channel.id === ui.channel);
  const isKept = ui.chosen || (current !== undefined && channelMessages(state, current.id).length > 0);
  if (current !== undefined && isKept) return current.id;
  const busiest = open
    .filter((channel) => channel.isMember)
    .toSorted((a, b) => latest(state.messages.get(b.id) ?? []) - latest(state.messages.get(a.id) ?? []))[0];
  return (busiest ?? open[0])?.id ?? '';
}

function newestThread(state: State, channel: string): string {
  const replies = (state.messages.get(channel) ?? []).filter(
    (message) => isReply(message) && message.ephemeralTo === '',
  );
  return replies.reduce((newest, reply) => (Number(reply.threadTs) > Number(newest) ? reply.threadTs : newest), '0');
}

/** Brings what is shown in line with the state: a channel is chosen, and with nothing open the newest thread opens. */
export function settleUi(state: State, ui: Ui): Ui {
  const channel = chooseChannel(state, ui);
  if (ui.place === 'home') return { ...ui, channel };
  const shown = ui.place === 'messages' ? (botChannel(state)?.id ?? '') : channel;
  const exists = (state.messages.get(shown) ?? []).some((message) => message.ts === ui.thread);
  if (exists) return { ...ui, channel };
  const newest = newestThread(state, shown);
  const isNews = newest !== '0' && newest !== ui.dismissed && ui.place === 'channel';
  return { ...ui, channel, thread: isNews ? newest : '' };
}
