import { parseDuration } from '../../core/duration.ts';
import { reportPatterns } from '../../notifications/reports/patterns.ts';
import type { PlacedCommand } from '../command.ts';
import { readTarget } from '../target.ts';

const defaultMs = 3_600_000;
const longestMs = 86_400_000;

export const patterns: PlacedCommand = {
  id: 'patterns',
  usage: '<workload> [since, such as 6h]',
  help: 'What its pods write, alike lines together: errors first, then what is said most.',
  role: 'viewer',
  async prepare({ words, incident }, context) {
    const usage = `Type \`${context.commandName} ${patterns.id} ${patterns.usage}\`; up to 24h.`;
    const last = parseDuration(words.at(-1) ?? '');
    const backMs = last ?? defaultMs;
    const target = await readTarget(last === undefined ? words : words.slice(0, -1), incident, context);
    if (target === undefined || backMs > longestMs) return { unclear: usage };
    if ('unclear' in target) return target;
    const { ref } = target;
    return {
      where: [ref.namespace],
      run: async () =>
        reportPatterns({ ref, found: await context.logs.patterns(ref, backMs), backMs, now: context.ops.clock.now() }),
    };
  },
};
