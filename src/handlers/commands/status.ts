import type { Message } from '../../core/ports/channel.ts';
import { context as footer, message } from '../../notifications/blocks/blocks.ts';
import { reportStatus, type StatusFacts } from '../../notifications/reports/commands.ts';
import type { Command } from '../command.ts';
import type { DeskContext } from '../context.ts';

export const status: Command = {
  id: 'status',
  usage: '',
  help: 'Is Lifeguard seeing the cluster, what is wrong, and may it act?',
  role: 'viewer',
  async run(_ask, context) {
    const report = reportStatus(await readStatus(context));
    const queue = await describeQueue(context);
    return { text: `${report.text} ${queue}`, blocks: [...report.blocks, ...footnote(queue).blocks] };
  },
};

/** What cannot be read is left undefined, and shown as such. */
export async function readStatus({
  cluster,
  statusBoard,
  registry,
  ops,
  takesFiles,
}: DeskContext): Promise<StatusFacts> {
  const [watcher, open, killSwitch, files] = await Promise.all([
    statusBoard.read(),
    registry.open(),
    ops.controls.killSwitch().catch(() => undefined),
    takesFiles().catch(() => undefined),
  ]);
  return { cluster, now: ops.clock.now(), status: watcher, open, killSwitch, takesFiles: files };
}

async function describeQueue({ queueDepth }: DeskContext): Promise<string> {
  const depth = await queueDepth().catch(() => undefined);
  if (depth === undefined) return 'How much work is waiting cannot be read.';
  return `Work: ${depth.active} under way, ${depth.waiting} waiting, ${depth.failed} failed.`;
}

function footnote(text: string): Message {
  return message(text, [footer(text)]);
}
