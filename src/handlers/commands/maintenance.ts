import { parseDuration } from '../../core/duration.ts';
import { escapeText, formatMinute } from '../../notifications/blocks/mrkdwn.ts';
import { type Ask, type Errand, type PlacedCommand, say, type Unclear } from '../command.ts';
import type { DeskContext } from '../context.ts';
import { joinReason } from '../words.ts';

const longestMs = 7 * 86_400_000;
const namespaceName = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

export const maintenance: PlacedCommand = {
  id: 'maintenance',
  usage: '[<namespace> <2h>|end] [reason]',
  help: 'Announce that what breaks in a namespace is meant to; without words, what is announced.',
  role: 'operator',
  async prepare(ask, context) {
    if (ask.words.length === 0) return { where: 'anywhere', run: async () => say(await list(context)) };
    return announce(ask, context);
  },
};

async function list({ maintenance: board }: DeskContext): Promise<string> {
  const known = await board.all();
  if (known.length === 0) return 'No maintenance is announced by hand.';
  const lines = known.map(({ namespace, until, by, reason }) => {
    return `• ${escapeText(namespace)} until ${formatMinute(until)} (<@${by}>: ${escapeText(reason)})`;
  });
  return lines.join('\n');
}

function announce({ words, userId }: Ask, context: DeskContext): Errand | Unclear {
  const { commandName } = context;
  const [namespace = '', length = '', ...rest] = words;
  const ms = length.toLowerCase() === 'end' ? 0 : parseDuration(length);
  if (!namespaceName.test(namespace) || ms === undefined || ms > longestMs)
    return {
      unclear: `Type \`${commandName} maintenance <namespace> <2h> [reason]\`, up to 7d, or \`end\` in place of the time.`,
    };
  const reason = joinReason(rest) || 'no reason given';
  const run = async () => say(await post({ namespace, ms, by: userId, reason }, context));
  return { where: [namespace], run };
}

interface Notice {
  readonly namespace: string;
  /** 0 ends it. */
  readonly ms: number;
  readonly by: string;
  readonly reason: string;
}

async function post({ namespace, ms, by, reason }: Notice, { maintenance: board, ops }: DeskContext): Promise<string> {
  const at = ops.clock.now();
  await board.announce({ namespace, until: at + ms, by, reason });
  const what = ms === 0 ? 'maintenance-ended' : 'maintenance';
  await ops.audit.append({ at, what, who: by, surface: 'slash', subject: namespace, detail: reason });
  if (ms === 0) return `The maintenance of ${namespace} is over.`;
  return `Until ${formatMinute(at + ms)} nobody is told of what begins in ${namespace}; what outlasts that is told then.`;
}
