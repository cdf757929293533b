import { formatBytes } from '../explain/bytes.ts';
import { formatCores } from '../explain/cores.ts';
import type { Inquiry, Suspect, SuspectSeries } from './suspect.ts';

/** Dependents named before the rest is counted. */
const mostNames = 3;

/** `p99 latency of db rose from 120 ms to 5.0 s, 3 min before the symptom at shop; changed too, and depend on it: api, shop`. */
export function tellSuspect(suspect: Omit<Suspect, 'reason'>, symptom: Inquiry['symptom']): string {
  const { node, change, connected, explains, explainedBy } = suspect;
  const { series, usual, reached, since } = change;
  const [from, to] = [usual, reached].map((value) => formatValue(value, series.unit));
  const rose = `${series.name} of ${node} rose from ${from} to ${to}`;
  const when = node === symptom.node ? '' : `, ${tellOrder(since - symptom.since)} the symptom at ${symptom.node}`;
  const dependents = explains.length === 0 ? '' : `; changed too, and depend on it: ${joinNames(explains)}`;
  const below = explainedBy === undefined ? '' : `; it depends on ${explainedBy}, which changed too`;
  const apart = connected ? '' : `; nothing known makes ${symptom.node} depend on it`;
  return `${rose}${when}${dependents}${below}${apart}`;
}

function tellOrder(afterMs: number): string {
  const minutes = Math.round(Math.abs(afterMs) / 60_000);
  if (minutes === 0) return 'together with';
  return `${minutes} min ${afterMs < 0 ? 'before' : 'after'}`;
}

function joinNames(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).join(', ');
  return names.length > mostNames ? `${shown} and ${names.length - mostNames} more` : shown;
}

function formatValue(value: number, unit: SuspectSeries['unit']): string {
  if (unit === 'bytes') return formatBytes(value);
  if (unit === 'seconds') return Math.abs(value) < 1 ? `${round(value * 1_000)} ms` : `${round(value)} s`;
  if (unit === 'percent') return `${round(value)} %`;
  return unit === 'cores' ? formatCores(value) : round(value);
}

/** At most three digits that say something. */
function round(value: number): string {
  return `${Number(value.toPrecision(3))}`;
}
