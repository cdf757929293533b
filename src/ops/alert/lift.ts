import type { ActionContext } from '../context.ts';
import type { Matter } from './target.ts';

/** Ends these silences of the incident, and tells it there. Those that have ended already are told all the same, once. */
export async function liftEach(
  ids: readonly string[],
  { incident, alertmanager }: Matter,
  { clock, journal }: Pick<ActionContext, 'clock' | 'journal'>,
): Promise<void> {
  for (const id of ids) {
    await alertmanager.lift(id);
    const known = incident.silences.find((silence) => silence.id === id);
    if (known === undefined) continue;
    const text = `alert ${known.name} is no longer silenced.`;
    await journal.note(incident.id, { at: clock.now(), kind: 'unsilenced', text }, { unsilenced: id });
  }
}
