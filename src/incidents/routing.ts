import { Cron } from 'croner';
import { type Finding, Severity, severityRank } from '../core/finding.ts';
import { matches } from '../core/pattern.ts';
import type { AnnouncedMaintenance } from '../core/ports/maintenance-board.ts';
import type { ResourceRef } from '../core/resource-ref.ts';
import type { Labels } from '../core/views/object.ts';

/** What an incident is about when it opens; a requested change has no severity. */
export interface Topic {
  readonly subject: ResourceRef;
  readonly severity?: Severity;
  /** Of the namespace and the workload. */
  readonly labels: Labels;
}

const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** Times of the week in a time zone. `from` and `to` as `08:30`; one that ends before it begins goes over midnight. */
export interface Hours {
  readonly days: readonly (typeof days)[number][];
  readonly from: string;
  readonly to: string;
  readonly timezone: string;
}

/** Where matching incidents are told. What is absent matches everything. */
export interface Route {
  readonly namespaces?: readonly string[] | undefined;
  readonly severities?: readonly Severity[] | undefined;
  readonly labels?: Labels | undefined;
  readonly during?: Hours | undefined;
  readonly channel: string;
  readonly escalation?: string | undefined;
}

/** A time in which what breaks in these namespaces is meant to. */
export interface Maintenance {
  readonly namespaces: readonly string[];
  /** A cron pattern of five fields that says when it begins. */
  readonly schedule: string;
  readonly durationMs: number;
  readonly timezone: string;
  readonly reason: string;
}

/** How important what runs in a namespace is. */
export interface Tiers {
  readonly high: readonly string[];
  readonly low: readonly string[];
}

export interface Routing {
  readonly channel: string;
  readonly escalation?: string | undefined;
  readonly routes: readonly Route[];
  readonly maintenance: readonly Maintenance[];
}

/** The first route that matches, and the channel and escalation that it gives. */
export function route(topic: Topic, routing: Routing, now: number): Pick<Route, 'channel' | 'escalation'> {
  const found = routing.routes.find((one) => fits(one, topic, now));
  const { channel } = found ?? routing;
  const escalation = found?.escalation ?? routing.escalation;
  return escalation === undefined ? { channel } : { channel, escalation };
}

function fits({ namespaces, severities, labels = {}, during }: Route, topic: Topic, now: number): boolean {
  const { subject, severity } = topic;
  if (namespaces !== undefined && !matches(namespaces, subject.namespace ?? '')) return false;
  if (severities !== undefined && (severity === undefined || !severities.includes(severity))) return false;
  if (Object.entries(labels).some(([key, value]) => topic.labels[key] !== value)) return false;
  return during === undefined || isWithin(during, now);
}

/** Whether a moment (epoch milliseconds) falls into these hours. The day is that on which they begin. */
function isWithin({ days: wanted, from, to, timezone }: Hours, now: number): boolean {
  const { day, minute } = readLocal(now, timezone);
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  const on = (index: number): boolean => wanted.some((name) => name === days[(index + 7) % 7]);
  if (begin < end) return on(day) && minute >= begin && minute < end;
  return (on(day) && minute >= begin) || (on(day - 1) && minute < end);
}

function readLocal(at: number, timeZone: string): { readonly day: number; readonly minute: number } {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const day = days.findIndex((name) => name === parts.get('weekday')?.toLowerCase());
  return { day, minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')) };
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** Until when what breaks in a namespace is meant to, and why; undefined where nothing is announced. */
export function maintenanceOf(
  namespace: string,
  known: { readonly planned: readonly Maintenance[]; readonly announced: readonly AnnouncedMaintenance[] },
  now: number,
): { readonly until: number; readonly reason: string } | undefined {
  const planned = known.planned
    .filter(({ namespaces }) => matches(namespaces, namespace))
    .map((one) => ({ until: endOf(one, now), reason: one.reason }));
  const announced = known.announced.filter((one) => one.namespace === namespace);
  return [...planned, ...announced]
    .filter(({ until }) => until > now)
    .toSorted((a, b) => b.until - a.until)
    .map(({ until, reason }) => ({ until, reason }))[0];
}

/** The last time of day, on one of the days, that has passed; epoch milliseconds. */
export function lastDue(
  { at, days: wanted, timezone }: { readonly at: string; readonly days: Hours['days']; readonly timezone: string },
  now: number,
): number | undefined {
  const [hour, minute] = at.split(':').map(Number);
  const cron = new Cron(`${minute} ${hour} * * ${wanted.join(',')}`, { timezone, mode: '5-part', paused: true });
  return cron.previousRuns(1, new Date(now))[0]?.getTime();
}

/** When the last one that began ends; 0 where none has begun lately. */
function endOf({ schedule, durationMs, timezone }: Maintenance, now: number): number {
  const begun = new Cron(schedule, { timezone, mode: '5-part', paused: true }).nextRun(new Date(now - durationMs));
  return begun === null || begun.getTime() > now ? 0 : begun.getTime() + durationMs;
}

/**
 * The severity that people feel. What breaks where little depends on it wakes nobody. Elsewhere trouble is critical where half of the pods or more
 * do not answer, and one step worse where requests from outside reach the workload and any of its pods does not.
 */
export function weighSeverity(finding: Finding, { high, low }: Tiers): Severity {
  const { subject, severity, serving, exposed } = finding;
  const namespace = subject.namespace ?? '';
  if (matches(low, namespace) && !matches(high, namespace)) return severity === 'critical' ? 'warning' : 'info';
  const short = serving !== undefined && serving.ready < serving.wanted;
  if (severity === 'warning' && isHalved(finding, matches(high, namespace))) return 'critical';
  return short && exposed !== undefined ? worsened(severity) : severity;
}

/** Where much depends on it, any trouble of half of the pods counts, though they may still answer. */
function isHalved({ serving, affectedPods, totalPods }: Finding, important: boolean): boolean {
  const silent = serving !== undefined && serving.wanted > 0 && serving.ready * 2 <= serving.wanted;
  return silent || (important && totalPods > 0 && affectedPods * 2 >= totalPods);
}

function worsened(severity: Severity): Severity {
  return Severity.options[severityRank(severity) - 1] ?? severity;
}
