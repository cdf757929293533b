import type { Incident } from '../core/incident.ts';
import { inline } from '../notifications/blocks/mrkdwn.ts';
import type { Ask, Unclear } from './command.ts';
import type { DeskContext } from './context.ts';
import { quote } from './target.ts';

type Named = { readonly incident: Incident; readonly words: readonly string[] } | Unclear;

/** The incident that the first word names, or the one in whose thread this was typed; and the other words. */
export async function findIncident({ words, incident, maySee }: Ask, { ops, registry }: DeskContext): Promise<Named> {
  const [first = '', ...rest] = words;
  if (/^inc-[a-z0-9]+$/.test(first)) {
    const named = await ops.incidents.get(first);
    return named === undefined
      ? { unclear: `There is no incident ${quote(first)}.` }
      : { incident: named, words: rest };
  }
  if (incident !== undefined) return { incident, words };
  return {
    unclear: `Which incident? ${describeOpen((await registry.open()).filter(({ subject }) => maySee(subject.namespace)))}`,
  };
}

const candidatesShown = 3;

/** The newest of them, to be copied. */
function describeOpen(open: readonly Incident[]): string {
  if (open.length === 0) return 'None is open.';
  const shown = open.slice(-candidatesShown).map(({ id, title }) => `${quote(id)} (${inline(title)})`);
  const more = open.length > shown.length ? `, and ${open.length - shown.length} more` : '';
  return `Open: ${shown.join(', ')}${more}.`;
}
