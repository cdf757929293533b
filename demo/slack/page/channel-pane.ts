import type { Page, Region, Snapshot } from './app.ts';
import { renderBlocks } from './blocks.ts';
import { createComposer } from './composer.ts';
import { createConversation, feedEntries } from './conversation.ts';
import { type Entry, h, reconcile, required } from './dom.ts';
import { icon, lifeRing } from './icons.ts';
import { avatar } from './message.ts';
import { botChannel, botOf, type Channel, channelMessages, type State } from './model.ts';

function channelTitle(channel: Channel | undefined): HTMLElement {
  return h(
    'header',
    { class: 'pane-head' },
    h('h1', {}, icon('hash'), channel?.name ?? ''),
    h('p', { class: 'topic', title: channel?.topic }, channel?.topic ?? ''),
  );
}

function appTitle(state: State, place: string, page: Page): HTMLElement {
  const bot = botOf(state);
  const tab = (name: 'home' | 'messages', label: string): HTMLElement =>
    h(
      'button',
      {
        type: 'button',
        role: 'tab',
        'aria-selected': String(place === name),
        'data-focus': `tab-${name}`,
        onclick: () => page.set({ place: name }),
      },
      label,
    );
  return h(
    'header',
    { class: 'pane-head app-head' },
    h('h1', {}, avatar(bot, 'small'), bot?.name ?? 'App', h('span', { class: 'badge' }, 'APP')),
    h(
      'div',
      { role: 'tablist', class: 'tabs', 'aria-label': 'App pages' },
      tab('home', 'Home'),
      tab('messages', 'Messages'),
    ),
  );
}

function drawHome(state: State, page: Page): HTMLElement {
  const { home } = state;
  if (home === undefined) {
    return h(
      'div',
      { class: 'home' },
      h(
        'div',
        { class: 'welcome' },
        lifeRing(),
        h('h2', {}, 'Nothing here yet'),
        h('p', {}, 'The app has not published its home page.'),
      ),
    );
  }
  const context = { names: page.names(), act: page.click.bind(undefined, { view: home.id }) };
  return h(
    'div',
    { class: 'home' },
    h('div', { class: 'home-sheet' }, ...renderBlocks(home.blocks, context, { errors: {} })),
  );
}

function emptyNote(label: string): HTMLElement {
  return h(
    'div',
    { class: 'welcome' },
    lifeRing(),
    h('h2', {}, `${label} is quiet`),
    h('p', {}, 'When something breaks, Lifeguard writes here.'),
  );
}

function composerNote(state: State, found: Channel | undefined): string {
  if (state.outage) return 'Slack is down: nothing can be sent';
  if (found === undefined) return 'No conversation';
  return found.isMember || found.isDm ? '' : 'You are not a member of this channel';
}

interface Shown {
  readonly id: string;
  readonly label: string;
  readonly found: Channel | undefined;
}

function shownChannel({ state, ui }: Snapshot): Shown {
  const bot = botChannel(state);
  if (ui.place !== 'channel') return { id: bot?.id ?? '', label: botOf(state)?.name ?? 'the app', found: bot };
  const found = state.channels.find((one) => one.id === ui.channel);
  return { id: ui.channel, label: `#${found?.name ?? ''}`, found };
}

function headEntry({ state, ui }: Snapshot, shown: Shown, page: Page): Entry {
  const render = (): HTMLElement =>
    ui.place === 'channel' ? channelTitle(shown.found) : appTitle(state, ui.place, page);
  return { key: 'head', sig: JSON.stringify([ui.place, shown, botOf(state)]), render };
}

/** The main pane: a channel, or the app's Home and Messages tabs. */
export function createChannelPane(page: Page): Region {
  const main = required('main');
  const head = h('div', { class: 'head-slot' });
  const home = h('div', { class: 'home-slot' });
  const conversation = createConversation('Messages');
  const composer = createComposer(page, 'channel-completion');
  main.append(head, home, conversation.element, composer.element);
  const updateHome = (state: State, isHome: boolean): void => {
    home.hidden = !isHome;
    conversation.element.hidden = isHome;
    composer.element.hidden = isHome;
    const sig = `${state.home?.json ?? 'none'}${state.me}`;
    reconcile(home, isHome ? [{ key: 'home', sig, render: () => drawHome(state, page) }] : []);
  };
  const update = (snapshot: Snapshot): void => {
    const { state, ui } = snapshot;
    const shown = shownChannel(snapshot);
    reconcile(head, [headEntry(snapshot, shown, page)]);
    updateHome(state, ui.place === 'home');
    if (ui.place === 'home') return;
    const { id, label } = shown;
    const entries = feedEntries(channelMessages(state, id), { channel: id, inThread: false }, page);
    conversation.update({ id: `${id}${state.me}`, entries, empty: emptyNote(label) });
    composer.aim({
      channel: id,
      thread: '',
      placeholder: `Message ${label}`,
      disabled: composerNote(state, shown.found),
    });
  };
  return { update };
}
