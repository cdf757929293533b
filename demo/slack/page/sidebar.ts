import type { Page, Region, Snapshot } from './app.ts';
import { type Entry, h, reconcile, required } from './dom.ts';
import { icon } from './icons.ts';
import { openMenu } from './menu.ts';
import { avatar } from './message.ts';
import { botChannel, botOf, type Channel, type State } from './model.ts';

function channelEntry(channel: Channel, { ui }: Snapshot, page: Page): Entry {
  const current = ui.place === 'channel' && ui.channel === channel.id;
  const unread = current ? 0 : page.unread(channel.id);
  const render = (): HTMLElement =>
    h(
      'button',
      {
        type: 'button',
        class: `side-item${unread > 0 ? ' unread' : ''}${channel.isMember ? '' : ' outside'}`,
        'aria-current': current ? 'page' : undefined,
        'data-focus': channel.id,
        onclick: () => page.set({ place: 'channel', channel: channel.id, chosen: true, thread: '' }),
      },
      icon('hash'),
      h('span', { class: 'side-name' }, channel.name),
      unread > 0 ? h('span', { class: 'count-pill', 'aria-label': `${unread} unread` }, String(unread)) : undefined,
    );
  return { key: channel.id, sig: [channel.name, channel.isMember, current, unread].join('|'), render };
}

function appEntry(snapshot: Snapshot, page: Page): Entry {
  const { state, ui } = snapshot;
  const bot = botOf(state);
  const online = state.connections > 0 && !state.outage;
  const current = ui.place !== 'channel';
  const dm = botChannel(state);
  const unread = dm === undefined || ui.place === 'messages' ? 0 : page.unread(dm.id);
  const render = (): HTMLElement =>
    h(
      'button',
      {
        type: 'button',
        class: `side-item${unread > 0 ? ' unread' : ''}`,
        'aria-current': current ? 'page' : undefined,
        'data-focus': 'app',
        onclick: () => page.set({ place: unread > 0 ? 'messages' : 'home', thread: '' }),
      },
      avatar(bot, 'tiny'),
      h('span', { class: 'side-name' }, bot?.name ?? 'App'),
      h('span', {
        class: `presence${online ? ' on' : ''}`,
        role: 'img',
        'aria-label': online ? 'connected' : 'not connected',
      }),
      unread > 0 ? h('span', { class: 'count-pill', 'aria-label': `${unread} unread` }, String(unread)) : undefined,
    );
  return { key: 'app', sig: [bot?.name, current, online, unread].join('|'), render };
}

function chooseUser(anchor: HTMLElement, state: State, page: Page): void {
  const people = [...state.users.values()].filter((user) => !user.isBot);
  const items = people.map((user) => ({
    label: user.name,
    detail: user.title,
    checked: user.id === state.me,
    lead: () => avatar(user, 'small'),
    pick: () => page.actAs(user.id),
  }));
  openMenu(anchor, 'Act as', items);
}

function meEntry(state: State, page: Page): Entry {
  const me = state.users.get(state.me);
  const render = (): HTMLElement => {
    const anchor = h(
      'button',
      { type: 'button', class: 'me', 'aria-haspopup': 'menu', title: 'Act as another person', 'data-focus': 'me' },
      avatar(me, 'small'),
      h('span', { class: 'me-words' }, h('strong', {}, me?.name ?? ''), h('small', {}, me?.title ?? '')),
      icon('chevron'),
    );
    anchor.addEventListener('click', () => chooseUser(anchor, page.snapshot().state, page));
    return anchor;
  };
  return { key: 'me', sig: JSON.stringify(me ?? null), render };
}

/** Channels, the app, and the switch that says who is acting. */
export function createSidebar(page: Page): Region {
  const channels = h('div', { class: 'side-list' });
  const apps = h('div', { class: 'side-list' });
  const foot = h('div', { class: 'side-foot' });
  required('sidebar').append(
    h('div', { class: 'side-scroll' }, h('h2', {}, 'Channels'), channels, h('h2', {}, 'Apps'), apps),
    foot,
  );
  const update = (snapshot: Snapshot): void => {
    const { state } = snapshot;
    const open = state.channels.filter((channel) => !channel.isDm);
    reconcile(
      channels,
      open.map((channel) => channelEntry(channel, snapshot, page)),
    );
    reconcile(apps, [appEntry(snapshot, page)]);
    reconcile(foot, [meEntry(state, page)]);
  };
  return { update };
}
