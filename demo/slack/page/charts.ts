import { h, svg } from './dom.ts';
import { type Json, number, record, records, strings, text } from './json.ts';

// Drawing area in SVG units; the figure scales with its column.
const WIDTH = 400;
const HEIGHT = 140;
const LEFT = 38;
const BASE = HEIGHT - 20;

interface Scale {
  readonly max: number;
  readonly count: number;
}

function x(index: number, scale: Scale): number {
  return LEFT + ((index + 0.5) * (WIDTH - LEFT)) / Math.max(1, scale.count);
}

function y(value: number, scale: Scale): number {
  return BASE - (Math.max(0, value) / scale.max) * (BASE - 10);
}

function label(content: string, at: readonly [number, number], anchor: string): SVGElement {
  return svg('text', { x: at[0], y: at[1], 'text-anchor': anchor }, document.createTextNode(content));
}

function axis(categories: readonly string[], scale: Scale): SVGElement[] {
  const step = Math.ceil(categories.length / 6);
  const names = categories.flatMap((name, index) =>
    index % step === 0 ? [label(name, [x(index, scale), HEIGHT - 5], 'middle')] : [],
  );
  const lines = [0, 0.5, 1].flatMap((part) => {
    const level = scale.max * part;
    const height = y(level, scale);
    return [
      svg('line', { x1: LEFT, x2: WIDTH, y1: height, y2: height, class: 'grid' }),
      label(
        level.toLocaleString(undefined, { notation: 'compact', maximumFractionDigits: 1 }),
        [LEFT - 6, height + 4],
        'end',
      ),
    ];
  });
  return [...lines, ...names];
}

function bars(
  values: readonly number[],
  scale: Scale,
  slot: { readonly index: number; readonly of: number },
): SVGElement[] {
  const width = ((WIDTH - LEFT) / Math.max(1, scale.count)) * 0.7;
  return values.map((value, index) => {
    const top = y(value, scale);
    const left = x(index, scale) - width / 2 + (width / slot.of) * slot.index;
    return svg('rect', {
      x: left,
      y: top,
      width: width / slot.of,
      height: BASE - top,
      rx: 2,
      class: `series-${slot.index} bar`,
    });
  });
}

function line(
  values: readonly number[],
  scale: Scale,
  slot: { readonly index: number; readonly filled: boolean },
): SVGElement[] {
  const points = values.map((value, index) => `${x(index, scale)},${y(value, scale)}`);
  const stroke = svg('polyline', { points: points.join(' '), class: `series-${slot.index} line` });
  if (!slot.filled) return [stroke];
  const corners = [`${x(0, scale)},${BASE}`, ...points, `${x(values.length - 1, scale)},${BASE}`];
  return [svg('polygon', { points: corners.join(' '), class: `series-${slot.index} area` }), stroke];
}

/** The next round number, so that the axis reads 0, 150, 300 and not 0, 140.3, 280.5. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 1.5, 2, 3, 4, 5, 6, 8].find((step) => step * power >= value) ?? 10) * power;
}

function plot(kind: string, series: readonly Json[], categories: readonly string[]): SVGElement {
  const values = series.map((one) => records(one, 'data').map((point) => number(point, 'value')));
  const scale = { max: roundUp(Math.max(...values.flat(), 0.001)), count: categories.length };
  const marks = values.flatMap((one, index) =>
    kind === 'bar'
      ? bars(one, scale, { index, of: values.length })
      : line(one, scale, { index, filled: kind === 'area' }),
  );
  return svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, 'aria-hidden': 'true' }, ...axis(categories, scale), ...marks);
}

function legend(names: readonly string[]): HTMLElement {
  return h('div', { class: 'legend' }, ...names.map((name, index) => h('span', { class: `series-${index}` }, name)));
}

function shares(segments: readonly Json[]): HTMLElement {
  const total = segments.reduce((sum, one) => sum + number(one, 'value'), 0) || 1;
  const rows = segments.map((one, index) => {
    const percent = Math.round((number(one, 'value') / total) * 100);
    return h(
      'div',
      { class: `share series-${index}`, '--share': `${percent}%` },
      h('span', {}, text(one, 'label')),
      h('b', {}, `${percent} %`),
    );
  });
  return h('div', { class: 'shares' }, ...rows);
}

/** A `data_visualization` block: bar, line and area charts; a pie is drawn as labelled shares. */
export function renderChart(block: Json): HTMLElement {
  const chart = record(block['chart']);
  const series = records(chart, 'series');
  const config = record(chart['axis_config']);
  const title = text(block, 'title');
  const caption = h('figcaption', {}, title);
  if (text(chart, 'type') === 'pie')
    return h('figure', { class: 'block chart' }, caption, shares(records(chart, 'segments')));
  const picture = plot(text(chart, 'type'), series, strings(config, 'categories'));
  return h(
    'figure',
    { class: 'block chart', role: 'img', 'aria-label': `Chart: ${title}` },
    caption,
    legend(series.map((one) => text(one, 'name'))),
    picture,
  );
}
