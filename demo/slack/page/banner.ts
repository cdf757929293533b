import type { Page, Region, Snapshot } from './app.ts';
import { h, reconcile, required } from './dom.ts';
import { icon } from './icons.ts';
import type { Banner } from './model.ts';

/** Steps that are shown at most; the story before them is told by the channel. */
const shownSteps = 5;

function drawSteps(banner: Banner): HTMLElement {
  const current = banner.steps.findIndex((step) => !step.done);
  const hidden = Math.max(0, banner.steps.length - shownSteps);
  const rows = banner.steps.slice(hidden).map((step, at) => {
    const index = hidden + at;
    const look = step.done ? 'done' : 'todo';
    return h(
      'li',
      { class: look, 'aria-current': index === current ? 'step' : undefined },
      h('span', { class: 'mark', 'aria-hidden': 'true' }, step.done ? icon('check') : String(index + 1)),
      h('span', {}, step.text, step.done ? h('span', { class: 'unseen' }, ' (done)') : undefined),
    );
  });
  const before = hidden === 0 ? [] : [h('li', { class: 'done' }, `${hidden} steps before`)];
  return h('ol', { class: 'steps' }, ...before, ...rows);
}

function draw(banner: Banner, open: boolean, page: Page): HTMLElement {
  const done = banner.steps.filter((step) => step.done).length;
  const toggle = h(
    'button',
    {
      type: 'button',
      class: 'quiet',
      'aria-expanded': String(open),
      'data-focus': 'banner',
      onclick: () => page.set({ bannerOpen: !open }),
    },
    open ? 'Hide' : `Show (${done}/${banner.steps.length})`,
  );
  return h(
    'div',
    { class: 'banner-inner' },
    h('div', { class: 'banner-words' }, h('h2', {}, banner.title), open ? h('p', {}, banner.text) : undefined),
    open && banner.steps.length > 0 ? drawSteps(banner) : undefined,
    toggle,
  );
}

/** The story of the demo: what happens, and what to try next. */
export function createBanner(page: Page): Region {
  const host = required('banner');
  const update = ({ state, ui }: Snapshot): void => {
    const { banner } = state;
    host.hidden = banner === undefined;
    const sig = `${JSON.stringify(banner)}${ui.bannerOpen}`;
    reconcile(
      host,
      banner === undefined ? [] : [{ key: 'banner', sig, render: () => draw(banner, ui.bannerOpen, page) }],
    );
  };
  return { update };
}
