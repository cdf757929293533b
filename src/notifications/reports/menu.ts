import type { Overflow } from '@slack/types';
import type { Incident } from '../../core/incident.ts';
import { overflow } from '../blocks/blocks.ts';

/** What the menu beside the facts of an incident offers. */
export const menuVerbs = ['acknowledge', 'assign', 'snooze', 'resolve', 'reopen', 'useful', 'false-alarm'] as const;
export type MenuVerb = (typeof menuVerbs)[number];

/** The one choice that opens a form. */
type FormVerb = 'act';
export const formVerb: FormVerb = 'act';

const labels: Readonly<Record<MenuVerb | FormVerb, string>> = {
  acknowledge: 'Acknowledge',
  assign: 'Take it',
  snooze: 'Snooze for 1 h',
  resolve: 'Close',
  reopen: 'Reopen',
  act: 'Do something…',
  useful: 'This was useful',
  'false-alarm': 'This was a false alarm',
};

/**
 * The rarer choices; Slack takes five, so whether it was useful is asked where there is room, at the latest once it is over. None for a change that a
 * person asked for.
 */
export function menuOf(incident: Incident): Overflow | undefined {
  if (incident.finding === undefined) return undefined;
  const verbs = verbsOf(incident);
  const options = [...verbs, ...(verbs.length < 4 ? ['useful' as const] : []), 'false-alarm' as const];
  return overflow({
    action: 'incident:menu',
    options: options.map((verb) => ({ label: labels[verb], value: `${verb}:${incident.id}` })),
  });
}

function verbsOf({ state, attention }: Incident): readonly (MenuVerb | FormVerb)[] {
  if (state === 'resolved') return [];
  if (attention.dismissed !== undefined) return ['reopen', formVerb];
  const first = attention.acknowledged === undefined ? 'acknowledge' : 'assign';
  return [first, attention.snoozedUntil === undefined ? 'snooze' : 'reopen', 'resolve', formVerb];
}
