import { allow, deny, needsApproval } from '../../core/verdict.ts';
import { type Guardrail, isAutomatic } from '../guardrail.ts';

/** How soon it is looked again, milliseconds. */
const recheckMs = 60_000;

/** Too much broken at once has a cause that no single repair reaches. */
export const storm: Guardrail = {
  id: 'storm',
  promise: 'While too much is broken at once, Lifeguard repairs nothing by itself: that is an incident for people.',
  judge({ openIncidents: fact, origin, policy, now }) {
    if (!isAutomatic(origin)) return allow('A person asked for it.');
    if ('unreadable' in fact) return needsApproval(`How much is broken cannot be read (${fact.unreadable}).`);
    const { incidents } = policy.storm;
    if (fact.known <= incidents) return allow(`${fact.known} incidents are open; up to ${incidents} are no storm.`);
    return deny(
      `${fact.known} incidents are open, more than ${incidents}: people decide what comes first.`,
      now + recheckMs,
    );
  },
};
