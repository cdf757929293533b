import { allow, denyForGood, needsApproval } from '../../core/verdict.ts';
import { type Guardrail, isAutomatic } from '../guardrail.ts';

/** Whoever put our change back had a reason, or a loop of its own. */
export const fight: Guardrail = {
  id: 'fight',
  promise: 'Where somebody put back what Lifeguard changed, Lifeguard does not change it again by itself.',
  judge({ reverted: fact, origin }) {
    if ('unreadable' in fact)
      return needsApproval(`What Lifeguard changed before cannot be read (${fact.unreadable}).`);
    if (fact.known === undefined) return allow('Nothing that Lifeguard changed here was put back.');
    const when = new Date(fact.known.at).toISOString().slice(0, 16).replace('T', ' ');
    const reason = `Somebody has put back what Lifeguard changed on ${when} UTC (${fact.known.summary})`;
    return isAutomatic(origin) ? denyForGood(`${reason}, so people decide.`) : needsApproval(`${reason}.`);
  },
};
