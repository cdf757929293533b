import type { Page, Region, Snapshot, Surface, Ui } from './app.ts';
import { createBanner } from './banner.ts';
import { createChannelPane } from './channel-pane.ts';
import { connect, post } from './connection.ts';
import type { Click } from './controls.ts';
import { askConfirm } from './dialog.ts';
import { createDrawer } from './drawer.ts';
import { collectValues } from './form-values.ts';
import { createKeyboard } from './keyboard.ts';
import { createModals } from './modals.ts';
import { parseState, type State } from './model.ts';
import type { Names } from './mrkdwn.ts';
import { settleUi } from './navigation.ts';
import { createPending } from './pending.ts';
import { createRequests } from './requests.ts';
import { createSidebar } from './sidebar.ts';
import { createThreadPane } from './thread-pane.ts';
import { createToasts } from './toasts.ts';
import { createTopBar } from './top-bar.ts';
import { createUnread } from './unread.ts';

const USER_KEY = 'local-slack-user';

let state: State = parseState({});
let ui: Ui = {
  channel: '',
  chosen: false,
  place: 'channel',
  thread: '',
  dismissed: '',
  inspected: undefined,
  requestsOpen: false,
  bannerOpen: true,
  live: true,
};

const pending = createPending();
const unread = createUnread();

function snapshot(): Snapshot {
  return { state, ui };
}

function render(): void {
  for (const region of regions) region.update(snapshot());
}

function set(patch: Partial<Ui>): void {
  const before = ui;
  ui = settleUi(state, { ...ui, ...patch });
  unread.look(snapshot());
  render();
  if (ui.place === 'home' && before.place !== 'home') announceHome();
}

async function send(path: string, body: Readonly<Record<string, unknown>>): Promise<boolean> {
  const error = await post(path, { user: state.me, ...body });
  if (error !== '') toasts.add(error);
  return error === '';
}

/** Slack tells the app when a person opens its home page. */
function announceHome(): void {
  if (!state.outage) void send('home', {});
}

function names(): Names {
  return {
    me: state.me,
    user: (id) => state.users.get(id)?.name ?? '',
    channel: (id) => state.channels.find((channel) => channel.id === id)?.name ?? '',
  };
}

function clickBody(surface: Surface, click: Click): Readonly<Record<string, unknown>> {
  const form = click.source.closest('form.view');
  return {
    ...('view' in surface ? { view_id: surface.view, values: form === null ? {} : collectValues(form) } : surface),
    block_id: click.blockId,
    action_id: click.actionId,
    ...(click.value === undefined || click.value === '' ? {} : { value: click.value }),
    ...(click.selectedOption === undefined ? {} : { selected_option: click.selectedOption }),
    ...(click.selectedOptions === undefined ? {} : { selected_options: click.selectedOptions }),
  };
}

async function performClick(surface: Surface, click: Click): Promise<void> {
  if (state.outage) return toasts.add('Slack is down: this click would reach nobody.');
  if (click.source.getAttribute('aria-busy') === 'true') return;
  if (click.confirm !== undefined && !(await askConfirm(click.confirm, names()))) return;
  // A link has gone where it leads; only a button waits for an answer.
  if (!(click.source instanceof HTMLAnchorElement)) pending.mark(click.source);
  if (!(await send('click', clickBody(surface, click)))) pending.release(click.source);
}

function actAs(user: string): void {
  sessionStorage.setItem(USER_KEY, user);
  connection.watchAs(user);
}

const page: Page = {
  snapshot,
  set,
  send,
  click: (surface, click) => void performClick(surface, click),
  actAs,
  toast: (message) => toasts.add(message),
  names,
  unread: (channel) => unread.count(state, channel),
};

const toasts = createToasts(page);
const regions: readonly Region[] = [
  createTopBar(page),
  createBanner(page),
  createSidebar(page),
  createChannelPane(page),
  createThreadPane(page),
  createRequests(page),
  createDrawer(page),
  createModals(page),
  toasts,
];
createKeyboard(page);

const connection = connect({
  onState: (next) => {
    const isOther = next.me !== state.me;
    state = next;
    pending.settle(state);
    ui = settleUi(state, { ...ui, live: true });
    unread.look(snapshot());
    render();
    if (isOther && ui.place === 'home') announceHome();
    document.documentElement.dataset['ready'] = 'true';
  },
  onLive: (live) => {
    if (live !== ui.live) set({ live });
  },
});

const asked = new URL(location.href).searchParams;
connection.watchAs(asked.get('user') ?? sessionStorage.getItem(USER_KEY) ?? '');
// A permalink of the local Slack leads here with the channel and the message.
ui = { ...ui, channel: asked.get('channel') ?? '', chosen: asked.has('channel'), thread: asked.get('ts') ?? '' };
