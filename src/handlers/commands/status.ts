import { describeError } from '../../core/errors.ts';
import type { Incident } from '../../core/incident.ts';
import type { KillSwitch } from '../../core/ports/controls.ts';
import type { WatcherStatus } from '../../core/ports/status-board.ts';
import type { Fact } from '../../ops/guardrail.ts';
import { type Command, say } from '../command.ts';
import type { DeskContext, QueueDepth } from '../context.ts';
import { escapeText, timeOf } from '../sentences.ts';

export const status: Command = {
  id: 'status',
  usage: '',
  help: 'Is Lifeguard seeing the cluster, what is wrong, and may it act?',
  role: 'viewer',
  run: async (_ask, context) => say(describeStatus(await readStatus(context))),
};

export interface Status {
  readonly cluster: string;
  readonly now: number;
  readonly watcher: Fact<WatcherStatus | undefined>;
  readonly open: Fact<readonly Incident[]>;
  readonly killSwitch: Fact<KillSwitch>;
  readonly queue: Fact<QueueDepth>;
}

/** Each fact on its own: what cannot be read is said, and does not hide the rest. */
export async function readStatus(context: DeskContext): Promise<Status> {
  const [watcher, open, killSwitch, queue] = await Promise.all([
    look(() => context.statusBoard.read()),
    look(() => context.registry.open()),
    look(() => context.ops.controls.killSwitch()),
    look(() => context.queueDepth()),
  ]);
  return { cluster: context.cluster, now: context.ops.clock.now(), watcher, open, killSwitch, queue };
}

async function look<T>(read: () => Promise<T>): Promise<Fact<T>> {
  try {
    return { known: await read() };
  } catch (error) {
    return { unreadable: describeError(error) };
  }
}

function describeStatus(status: Status): string {
  return [
    describeWatcher(status),
    describeOpen(status.open),
    describeKillSwitch(status.killSwitch),
    describeQueue(status.queue),
  ].join('\n');
}

/** A watcher that has not said anything for this long is taken to be down. It speaks every few seconds. */
const staleMs = 30_000;

function describeWatcher({ watcher, cluster, now }: Status): string {
  if ('unreadable' in watcher) return `*Watching*: unknown (${escapeText(watcher.unreadable)}).`;
  const seen = watcher.known;
  if (seen === undefined) return `*Watching*: nobody has reported from ${cluster} yet. Is the watcher running?`;
  if (now - seen.at > staleMs)
    return `*Watching*: the watcher has been silent since ${timeOf(seen.at)}; what follows may be out of date.`;
  const size = `${seen.workloads} workloads, ${seen.pods} pods, ${seen.nodesReady} of ${seen.nodes} nodes ready`;
  const troubles = Object.entries(seen.troubles).map(([source, problem]) => `${source}: ${escapeText(problem)}`);
  const reading = seen.synced ? '' : ' Still reading the cluster for the first time.';
  return [`*Watching* ${cluster}: ${size}.${reading}`, ...troubles.map((line) => `• ${line}`)].join('\n');
}

function describeOpen(open: Status['open']): string {
  if ('unreadable' in open) return `*Incidents*: unknown (${escapeText(open.unreadable)}).`;
  if (open.known.length === 0) return '*Incidents*: none open.';
  return [`*Incidents*: ${open.known.length} open.`, ...open.known.map((one) => `• ${escapeText(one.title)}`)].join(
    '\n',
  );
}

function describeKillSwitch(killSwitch: Status['killSwitch']): string {
  if ('unreadable' in killSwitch)
    return `*Acting*: the kill switch cannot be read (${escapeText(killSwitch.unreadable)}), so nothing is changed.`;
  const state = killSwitch.known;
  if (!state.engaged) return '*Acting*: allowed, within the guardrails.';
  return `*Acting*: paused by ${state.by} at ${timeOf(state.at)} (${escapeText(state.reason)}).`;
}

function describeQueue(queue: Status['queue']): string {
  if ('unreadable' in queue) return `*Work*: unknown (${escapeText(queue.unreadable)}).`;
  const { waiting, active, failed } = queue.known;
  return `*Work*: ${active} under way, ${waiting} waiting, ${failed} failed.`;
}
