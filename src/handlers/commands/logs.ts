import { parseArgs } from 'node:util';
import { parseDuration } from '../../core/duration.ts';
import type { LogWish } from '../../core/ports/workload-logs.ts';
import type { ResourceRef } from '../../core/resource-ref.ts';
import { reportLogs } from '../../notifications/reports/logs.ts';
import type { Ask, PlacedCommand, Unclear } from '../command.ts';
import type { DeskContext } from '../context.ts';
import { readTarget } from '../target.ts';

const longestMs = 86_400_000;

const options = { since: { type: 'string' }, grep: { type: 'string' }, previous: { type: 'boolean' } } as const;

export const logs: PlacedCommand = {
  id: 'logs',
  usage: '<workload> [--since 1h] [--grep words] [--previous]',
  help: 'The last lines that its pods wrote, without secrets; as a file where that is long and you mention me.',
  role: 'viewer',
  async prepare(ask, context) {
    const wish = await readWish(ask, context);
    if ('unclear' in wish) return wish;
    return {
      where: [wish.ref.namespace],
      run: async () => reportLogs({ ...wish, found: await context.logs.read(wish.ref, wish) }),
    };
  },
};

interface Wish extends LogWish {
  readonly ref: ResourceRef;
}

async function readWish({ words, incident }: Ask, context: DeskContext): Promise<Wish | Unclear> {
  const usage = `Type \`${context.commandName} ${logs.id} ${logs.usage}\`; up to 24h.`;
  const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true, strict: false });
  const { since = '1h', grep, previous = false } = values;
  const backMs = typeof since === 'string' ? parseDuration(since) : undefined;
  if (backMs === undefined || backMs > longestMs) return { unclear: `Since when? ${usage}` };
  if (typeof grep === 'boolean') return { unclear: `Which words? ${usage}` };
  const found = await readTarget(positionals, incident, context);
  if (found === undefined) return { unclear: usage };
  return 'unclear' in found ? found : { ref: found.ref, backMs, contains: grep, previous: previous !== false };
}
