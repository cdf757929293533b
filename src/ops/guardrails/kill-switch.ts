import { allow, deny } from '../../core/verdict.ts';
import type { Guardrail } from '../guardrail.ts';

export const killSwitch: Guardrail = {
  id: 'kill-switch',
  promise: 'While paused, or while it cannot be read whether it is paused, nothing is changed.',
  judge({ killSwitch: fact }) {
    if ('unreadable' in fact)
      return deny(`The kill switch cannot be read (${fact.unreadable}), so it counts as engaged.`);
    if (!fact.known.engaged) return allow('The kill switch is off.');
    return deny(`Lifeguard was paused by ${fact.known.by} (${fact.known.reason}). An admin can lift it with resume.`);
  },
};
