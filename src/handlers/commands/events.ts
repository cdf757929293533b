import { parseDuration } from '../../core/duration.ts';
import type { EventRecord } from '../../core/event-record.ts';
import { reportEvents } from '../../notifications/reports/events.ts';
import { type Ask, type Command, say } from '../command.ts';
import type { DeskContext } from '../context.ts';
import { quote } from '../target.ts';

const defaultMs = 3_600_000;
const longestMs = 7 * 86_400_000;

export const events: Command = {
  id: 'events',
  usage: '<workload|node|namespace> [--since 1h]',
  help: 'What Kubernetes said about it, warnings first.',
  role: 'viewer',
  async run(ask, context) {
    const wish = readWish(ask, context);
    if ('unclear' in wish) return say(wish.unclear);
    const now = context.ops.clock.now();
    const found = (await context.events.read(now - wish.ms)).filter((record) => isAbout(record, wish.about));
    return reportEvents({ about: wish.about, ms: wish.ms, records: found, now });
  },
};

interface Wish {
  readonly about: string;
  readonly ms: number;
}

function readWish({ words, incident }: Ask, { commandName }: DeskContext): Wish | { readonly unclear: string } {
  const usage = `Type \`${commandName} events <workload|node|namespace> [--since 1h]\`; up to 7d.`;
  const at = words.indexOf('--since');
  const ms = at === -1 ? defaultMs : parseDuration(words[at + 1] ?? '');
  if (ms === undefined || ms > longestMs) return { unclear: `Since when? ${usage}` };
  const [named, ...more] = at === -1 ? words : words.toSpliced(at, 2);
  if (more.length > 0) return { unclear: `Only one name, please, not also ${quote(more.join(' '))}. ${usage}` };
  if (named !== undefined) return { about: named, ms };
  if (incident === undefined) return { unclear: usage };
  const { namespace, name } = incident.subject;
  return { about: namespace === '' ? name : `${namespace}/${name}`, ms };
}

/** `name`, `namespace/name` or `kind/namespace/name` of an object, of what it belongs to or of its node; or the name of a namespace. */
function isAbout({ namespace, kind, name, owner, node }: EventRecord, about: string): boolean {
  const wanted = about.toLowerCase();
  const objects = [{ kind, name }, owner, ...(node === undefined ? [] : [{ kind: 'Node', name: node }])];
  const names = objects.flatMap((one) => [
    one.name,
    `${namespace}/${one.name}`,
    `${one.kind.toLowerCase()}/${namespace}/${one.name}`,
    `${one.kind.toLowerCase()}/${one.name}`,
  ]);
  return wanted === namespace || names.includes(wanted);
}
