import type { Chart } from '../../core/chart.ts';
import { formatBytes } from './bytes.ts';

/** Eighths of a character cell. */
const steps = '▁▂▃▄▅▆▇█';

/** What a picture shows, a line of text for each of its lines: `checkout-7d9f: 41 MiB at first, 126 MiB at last ▁▂▄▆█`. */
export function describeChart({ unit, lines, limit }: Chart): string {
  const format = unit === 'bytes' ? formatBytes : formatCount;
  const told = lines.map(({ name, values }) => {
    const [first = 0, last = 0] = [values[0], values.at(-1)];
    const peak = Math.max(...values);
    const most = peak > Math.max(first, last) ? `, ${format(peak)} at most` : '';
    return `${name}: ${format(first)} at first, ${format(last)} at last${most} ${sparkline(values)}`;
  });
  return [...told, ...(limit === undefined ? [] : [`${limit.name}: ${format(limit.value)}`])].join('\n');
}

/** From its lowest to its highest value; a flat line is low. */
function sparkline(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = high - low;
  return values
    .map((value) => steps[span === 0 ? 0 : Math.round(((value - low) / span) * (steps.length - 1))] ?? '')
    .join('');
}

/** At most three digits that say something. */
function formatCount(value: number): string {
  return Number.isInteger(value) ? `${value}` : `${Number(value.toPrecision(3))}`;
}
