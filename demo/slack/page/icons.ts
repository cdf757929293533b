import { svg } from './dom.ts';

// Drawn on a 20 x 20 grid with strokes; several sub-paths per icon.
const PATHS = {
  hash: 'M8 3 6 17M14 3l-2 14M3.5 7.5h13M3 12.5h13',
  close: 'M5 5l10 10M15 5 5 15',
  code: 'M7 6l-4 4 4 4M13 6l4 4-4 4M11.5 4l-3 12',
  reply: 'M4 4.5h12v9H9.5L6 16.5v-3H4z',
  chevron: 'M6 8l4 4 4-4',
  back: 'M12 5l-5 5 5 5',
  check: 'M4.5 10.5l3.5 3.5 7.5-8',
  dots: 'M5 10h.01M10 10h.01M15 10h.01',
  send: 'M4 10 3.2 4.2 17 10 3.2 15.8 4 10h6',
  file: 'M6 3h5l4 4v10H6zM11 3v4h4',
  eye: 'M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5zM10 8.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6',
  copy: 'M7 7h9v9H7zM4 13V4h9',
  plug: 'M7 3v4M13 3v4M5 7h10v3a5 5 0 0 1-10 0zM10 15v3',
  pulse: 'M2.5 10.5H6l2-5.5 4 10 2-4.5h3.5',
  alert: 'M10 3.5 17.5 16h-15zM10 8.5v3.5M10 14h.01',
  down: 'M10 4v11M5.5 10.5 10 15l4.5-4.5',
  info: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M10 9.2v4.3M10 6.6h.01',
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): SVGElement {
  return svg(
    'svg',
    { class: `icon icon-${name}`, viewBox: '0 0 20 20', 'aria-hidden': 'true' },
    svg('path', { d: PATHS[name] }),
  );
}

/** The life ring: the mark of the bot. */
export function lifeRing(): SVGElement {
  const ring = { cx: 16, cy: 16, r: 9.5, fill: 'none', 'stroke-width': 7.5 };
  return svg(
    'svg',
    { class: 'ring', viewBox: '0 0 32 32', 'aria-hidden': 'true' },
    svg('circle', { ...ring, stroke: '#fff' }),
    svg('circle', { ...ring, stroke: '#e4522f', 'stroke-dasharray': '7.46 7.46', 'stroke-dashoffset': '3.73' }),
  );
}
