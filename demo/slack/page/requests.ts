import type { Page, Region, Snapshot } from './app.ts';
import { clockSeconds } from './dates.ts';
import { type Entry, h, reconcile, required } from './dom.ts';
import { icon } from './icons.ts';
import type { ApiCall } from './model.ts';

function timeOf(call: ApiCall): string {
  const { time } = call;
  const date = typeof time === 'string' || typeof time === 'number' ? new Date(time) : new Date(Number.NaN);
  return Number.isNaN(date.getTime()) ? '' : clockSeconds(date);
}

function rowEntry(call: ApiCall, index: number): Entry {
  const sig = JSON.stringify(call);
  const render = (): HTMLElement =>
    h(
      'tr',
      { class: call.ok ? '' : 'failed' },
      h('td', {}, timeOf(call)),
      h('td', { class: 'method' }, call.method),
      h(
        'td',
        {},
        h('span', { class: call.ok ? 'outcome ok' : 'outcome bad' }, call.ok ? 'ok' : call.error || 'failed'),
      ),
      h('td', { class: 'ms' }, `${Math.round(call.ms)} ms`),
    );
  return { key: `${sig}#${index}`, sig, render };
}

/** The last calls the bot made to the Slack Web API, newest first. */
export function createRequests(page: Page): Region {
  const host = required('requests');
  const body = h('tbody');
  const count = h('small');
  const close = h(
    'button',
    { type: 'button', class: 'only-icon', 'aria-label': 'Close the list of API calls' },
    icon('close'),
  );
  close.addEventListener('click', () => page.set({ requestsOpen: false }));
  const columns = ['Time', 'Method', 'Answer', 'Took'].map((name) => h('th', { scope: 'col' }, name));
  host.append(
    h('header', {}, h('h2', {}, 'Slack API calls of the bot'), count, close),
    h('div', { class: 'requests-scroll', tabindex: 0 }, h('table', {}, h('thead', {}, h('tr', {}, ...columns)), body)),
  );
  const update = ({ state, ui }: Snapshot): void => {
    host.hidden = !ui.requestsOpen;
    if (!ui.requestsOpen) return;
    const newest = state.requests.toReversed();
    const failed = newest.filter((call) => !call.ok).length;
    count.textContent = `last ${newest.length}${failed > 0 ? `, ${failed} failed` : ''}`;
    const seen = new Map<string, number>();
    const entries = newest.map((call) => {
      const key = JSON.stringify(call);
      seen.set(key, (seen.get(key) ?? 0) + 1);
      return rowEntry(call, seen.get(key) ?? 0);
    });
    reconcile(body, entries);
  };
  return { update };
}
