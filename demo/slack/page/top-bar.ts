import type { Page, Region, Snapshot } from './app.ts';
import { h, reconcile, required } from './dom.ts';
import { type IconName, icon } from './icons.ts';
import type { State } from './model.ts';

interface Status {
  readonly look: 'ok' | 'warn' | 'bad';
  readonly icon: IconName;
  readonly label: string;
  readonly hint: string;
}

function statusOf(state: State, live: boolean): Status {
  if (!live)
    return {
      look: 'warn',
      icon: 'plug',
      label: 'Reconnecting…',
      hint: 'This page lost its connection and tries again',
    };
  if (state.outage) return { look: 'bad', icon: 'alert', label: 'Bot cut off', hint: 'Every call of the bot fails' };
  if (state.connections === 0)
    return { look: 'warn', icon: 'plug', label: 'Bot not connected', hint: 'No Socket Mode connection is open' };
  return { look: 'ok', icon: 'plug', label: 'Bot connected', hint: `${state.connections} Socket Mode connection(s)` };
}

function drawStatus(status: Status): HTMLElement {
  return h(
    'span',
    { class: `status ${status.look}`, title: status.hint, role: 'status' },
    icon(status.icon),
    h('span', { class: 'status-label' }, status.label),
  );
}

/** Workspace name, connection state, the API inspector and the outage switch. */
export function createTopBar(page: Page): Region {
  const name = h('strong', { class: 'team' });
  const status = h('div', { class: 'status-slot' });
  const calls = h(
    'button',
    { type: 'button', class: 'top-button', 'aria-controls': 'requests' },
    icon('pulse'),
    'API calls',
  );
  const outage = h(
    'button',
    { type: 'button', class: 'switch', role: 'switch' },
    h('span', { class: 'track' }),
    'Slack is down',
  );
  calls.addEventListener('click', () => page.set({ requestsOpen: !page.snapshot().ui.requestsOpen }));
  outage.addEventListener('click', () => void page.send('outage', { on: !page.snapshot().state.outage }));
  required('top').append(
    h('div', { class: 'brand' }, h('span', { class: 'team-mark', 'aria-hidden': 'true' }), name),
    h('p', { class: 'simulated' }, 'Local Slack: a simulated workspace on this machine'),
    h('div', { class: 'top-tools' }, status, calls, outage),
  );
  const strip = required('outage');
  strip.append(
    icon('alert'),
    h('strong', {}, 'Slack is down (simulated).'),
    'The bot goes on without it; what it has to say arrives once Slack is back.',
  );
  const update = ({ state, ui }: Snapshot): void => {
    name.textContent = state.team;
    document.title = `${state.team} · Local Slack`;
    name.previousElementSibling?.replaceChildren(state.team.slice(0, 1).toUpperCase());
    const current = statusOf(state, ui.live);
    reconcile(status, [{ key: 'status', sig: JSON.stringify(current), render: () => drawStatus(current) }]);
    calls.setAttribute('aria-expanded', String(ui.requestsOpen));
    outage.setAttribute('aria-checked', String(state.outage));
    document.documentElement.classList.toggle('outage', state.outage);
    strip.hidden = !state.outage;
  };
  return { update };
}
