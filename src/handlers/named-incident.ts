import type { Incident } from '../core/incident.ts';
import type { Ask, Unclear } from './command.ts';
import type { DeskContext } from './context.ts';
import { quote } from './target.ts';

type Named = { readonly incident: Incident; readonly words: readonly string[] } | Unclear;

/** The incident that the first word names, or the one in whose thread this was typed; and the other words. */
export async function findIncident({ words, incident }: Ask, { ops }: DeskContext): Promise<Named> {
  const [first = '', ...rest] = words;
  if (/^inc-[a-z0-9]+$/.test(first)) {
    const named = await ops.incidents.get(first);
    return named === undefined
      ? { unclear: `There is no incident ${quote(first)}.` }
      : { incident: named, words: rest };
  }
  return incident === undefined ? { unclear: 'Which incident?' } : { incident, words };
}
