import { cut } from '../../core/cut.ts';
import type { Finding } from '../../core/finding.ts';
import type { Incident, TimelineEntry } from '../../core/incident.ts';
import type { Message } from '../../core/ports/channel.ts';
import type { KillSwitch } from '../../core/ports/controls.ts';
import type { WatcherStatus } from '../../core/ports/status-board.ts';
import { context, header, message, section } from '../blocks/blocks.ts';
import { escapeText, formatDuration, formatPerson, formatTime, inline, truncate } from '../blocks/mrkdwn.ts';
import { adviceOf } from './words.ts';

/** A watcher that has not been heard of for so long is called silent, milliseconds. */
const silentMs = 30_000;

interface CommandHelp {
  readonly usage: string;
  readonly help: string;
  readonly role: string;
}

export interface HelpGroup {
  readonly title: string;
  readonly commands: readonly CommandHelp[];
}

/** `commandName` with its slash. */
export function reportHelp(commandName: string, groups: readonly HelpGroup[]): Message {
  const all = groups.flatMap(({ commands }) => commands.map(({ usage }) => usage));
  return message(`What ${commandName} can do: ${all.join('; ')}.`, [
    header('What Lifeguard can do'),
    ...groups.map(({ title, commands }) =>
      section(
        [`*${escapeText(title)}*`, ...commands.map((command) => describeCommand(commandName, command))].join('\n'),
      ),
    ),
    context(
      'A workload is `name`, `namespace/name` or `kind/namespace/name`. Whoever has a role also has those before it: viewer (all that is not marked), operator, approver, admin.',
      'In a thread, mention me with the same words.',
    ),
  ]);
}

function describeCommand(commandName: string, { usage, help, role }: CommandHelp): string {
  const marked = role === 'viewer' ? '' : ` _(${role})_`;
  return `• \`${commandName} ${escapeText(usage)}\` ${escapeText(help)}${marked}`;
}

export interface StatusFacts {
  readonly cluster: string;
  readonly status: WatcherStatus | undefined;
  readonly open: readonly Incident[];
  /** Undefined where it cannot be read. */
  readonly killSwitch: KillSwitch | undefined;
  /** Whether Slack takes files; undefined where it does not say. */
  readonly takesFiles?: boolean | undefined;
  readonly now: number;
}

const noFiles =
  ':warning: Slack: the scope files:write is missing, so long logs come without their files. Add it and reinstall the app (slack-manifest.json).';

export function reportStatus(facts: StatusFacts): Message {
  const { cluster, open } = facts;
  const lines = [
    describeWatcher(facts),
    ...describeTroubles(facts.status),
    ...(facts.takesFiles === false ? [noFiles] : []),
    describeOpen(open),
    describeKillSwitch(facts.killSwitch),
  ];
  return message(`Status of ${cluster}: ${open.length} open incidents.`, [
    header(`Status of ${cluster}`),
    section(lines.join('\n')),
  ]);
}

function describeWatcher({ status, now }: StatusFacts): string {
  if (status === undefined || now - status.at > silentMs)
    return ':warning: The watcher is silent: nobody watches the cluster right now.';
  if (!status.synced) return 'The watcher is reading the cluster for the first time.';
  return `Watching ${status.workloads} workloads, ${status.pods} pods; ${status.nodesReady} of ${status.nodes} nodes ready.`;
}

function describeTroubles(status: WatcherStatus | undefined): string[] {
  return Object.entries(status?.troubles ?? {}).map(
    ([source, { problem, since }]) =>
      `:warning: ${escapeText(source)}${since === undefined ? '' : `, since ${formatTime(since)}`}: ${escapeText(problem)}`,
  );
}

function describeOpen(open: readonly Incident[]): string {
  if (open.length === 0) return 'No open incidents.';
  return open.length === 1 ? `1 open incident: ${escapeText(open[0]?.title ?? '')}.` : `${open.length} open incidents.`;
}

export function describeKillSwitch(state: KillSwitch | undefined): string {
  if (state === undefined)
    return ':warning: The kill switch cannot be read, so it counts as engaged: nothing is changed.';
  if (!state.engaged) return 'Kill switch: off.';
  return `Kill switch: engaged by ${formatPerson(state.by)} since ${formatTime(state.at)} (${escapeText(state.reason)}). Nothing is changed.`;
}

/** Incidents that fit into one answer with a line or two each. */
const mostListed = 12;

export function reportIncidents(incidents: readonly Incident[], now: number): Message {
  if (incidents.length === 0) return message('No incidents.', [section('No incidents.')]);
  const lines = incidents.slice(0, mostListed).map((incident) => {
    const age =
      incident.state === 'resolved'
        ? `resolved ${formatDuration(now - (incident.resolvedAt ?? now))} ago`
        : `open for ${formatDuration(now - incident.openedAt)}`;
    const title = truncate(inline(incident.title), 120);
    return `• *${title}* (${incident.severity}, ${age}) ${inline(firstSentence(incident.cause))} _${incident.id}_`;
  });
  const more = incidents.length - lines.length;
  return message(`${incidents.length} incidents, the newest: ${incidents[0]?.title ?? ''}.`, [
    section([...lines, ...(more > 0 ? [`… and ${more} more.`] : [])].join('\n')),
  ]);
}

/** What comes after it is told by `why`. */
function firstSentence(cause: string): string {
  const [line = ''] = cause.split('\n');
  return cut(line, 160, ' …');
}

export interface WhyFacts {
  readonly name: string;
  readonly findings: readonly Finding[];
  readonly incident: Incident | undefined;
  /** One line of what was read: `ready 2/3, revision 4`. */
  readonly state: string;
}

export function reportWhy({ name, findings, incident, state }: WhyFacts): Message {
  const lines = [
    `*${escapeText(name)}*: ${escapeText(state)}`,
    ...findings.map(
      (finding) =>
        `• *${inline(finding.title)}* (${finding.severity}): ${escapeText(finding.cause).replaceAll('\n', '\n   ')}`,
    ),
    ...(findings.length === 0 ? ['Lifeguard finds nothing wrong with it now.'] : []),
    ...(findings.length === 0 ? [] : firstAdvice(incident)),
    ...(incident === undefined ? [] : lastSteps(incident)),
  ];
  return message(`${name}: ${findings[0]?.cause ?? 'nothing wrong is seen now.'}`, [section(lines.join('\n'))]);
}

function firstAdvice(incident: Incident | undefined): string[] {
  const [advice] = incident === undefined ? [] : adviceOf(incident);
  return advice === undefined ? [] : [`*Next:* ${inline(advice)}`];
}

function lastSteps({ id, timeline }: Incident): string[] {
  const steps = timeline
    .slice(-3)
    .map((entry) => `   ${formatTime(entry.at)} ${truncate(formatEntry(entry).replaceAll('\n', ' '), 200)}`);
  return [`Incident _${id}_, last steps:`, ...steps];
}

/** Decisions name people, in our own words; everything else may quote the cluster. */
function formatEntry({ kind, text }: TimelineEntry): string {
  const safe = escapeText(text);
  return kind === 'approved' || kind === 'rejected' ? safe.replace(/&lt;(@[UW][A-Z0-9_]+)&gt;/g, '<$1>') : safe;
}
