import type { Page, Region, Snapshot } from './app.ts';
import { createComposer } from './composer.ts';
import { createConversation, feedEntries } from './conversation.ts';
import { type Entry, h, required } from './dom.ts';
import { icon } from './icons.ts';
import { botChannel, countedReplies, repliesOf } from './model.ts';

function countLine(count: number): Entry {
  const words = `${count} ${count === 1 ? 'reply' : 'replies'}`;
  return {
    key: 'count',
    sig: words,
    render: () => h('div', { class: 'count', role: 'separator', 'aria-label': words }, h('span', {}, words)),
  };
}

/** The channel whose threads the main pane can open. */
function threadChannel({ state, ui }: Snapshot): string {
  return ui.place === 'channel' ? ui.channel : (botChannel(state)?.id ?? '');
}

/** The thread pane at the right. */
export function createThreadPane(page: Page): Region {
  const aside = required('thread');
  const conversation = createConversation('Thread messages');
  const composer = createComposer(page, 'thread-completion');
  const name = h('p', { class: 'topic' });
  const close = h(
    'button',
    { type: 'button', class: 'only-icon', 'aria-label': 'Close thread', title: 'Close thread (Esc)' },
    icon('close'),
  );
  close.addEventListener('click', () => page.set({ thread: '', dismissed: page.snapshot().ui.thread }));
  aside.append(
    h('header', { class: 'pane-head' }, h('h2', {}, 'Thread'), name, close),
    conversation.element,
    composer.element,
  );
  const update = (snapshot: Snapshot): void => {
    const { state, ui } = snapshot;
    const channel = threadChannel(snapshot);
    const root = (state.messages.get(channel) ?? []).find((message) => message.ts === ui.thread);
    aside.hidden = root === undefined || ui.place === 'home';
    if (root === undefined) return;
    name.textContent = ui.place === 'channel' ? `#${page.names().channel(channel)}` : '';
    const replies = repliesOf(state, channel, root.ts);
    const entries = feedEntries([root, ...replies], { channel, inThread: true }, page);
    const counted = countedReplies(state, channel, root.ts).length;
    if (counted > 0) entries.splice(1, 0, countLine(counted));
    conversation.update({ id: `${root.ts}${state.me}`, entries, empty: undefined });
    composer.aim({
      channel,
      thread: root.ts,
      placeholder: 'Reply… (mention @Lifeguard to ask)',
      disabled: state.outage ? 'Slack is down: nothing can be sent' : '',
    });
  };
  return { update };
}
