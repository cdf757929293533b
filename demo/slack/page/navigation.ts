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

/** The open thread while it exists; with nothing open, the newest one that was not closed before. */
function chooseThread(state: State, ui: Ui, channel: string): string {
  const wanted = (state.messages.get(channel) ?? []).find((message) => message.ts === ui.thread);
  if (wanted !== undefined) return wanted.threadTs || wanted.ts;
  // In a narrow window the thread would cover the channel.
  const hasRoom = window.matchMedia('(min-width: 1101px)').matches;
  const newest = newestThread(state, channel);
  return hasRoom && newest !== '0' && newest !== ui.dismissed ? newest : '';
}

/** Brings what is shown in line with the state. */
export function settleUi(state: State, ui: Ui): Ui {
  if (state.channels.length === 0) return ui;
  const channel = chooseChannel(state, ui);
  if (ui.place === 'home') return { ...ui, channel };
  const shown = ui.place === 'messages' ? (botChannel(state)?.id ?? '') : channel;
  return { ...ui, channel, thread: chooseThread(state, ui, shown) };
}
