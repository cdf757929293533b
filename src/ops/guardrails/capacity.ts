import { allow, deny, needsApproval } from '../../core/verdict.ts';
import type { Guardrail } from '../guardrail.ts';

/** What fits on no node never starts, and what fits on none now may wait for long: the change itself would be the outage. */
export const capacity: Guardrail = {
  id: 'capacity',
  promise:
    'No pod is given more than a node has: past the largest node never, past what is left now only when a person agrees.',
  judge({ plan: { asks = {} }, capacity: fact }) {
    const { cpu = 0, memory = 0 } = asks;
    if (cpu === 0 && memory === 0) return allow('It asks no node for more.');
    if ('unreadable' in fact) return needsApproval(`What the nodes have cannot be read (${fact.unreadable}).`);
    const { largeEnough, roomOn } = fact.known;
    if (!largeEnough) return deny('No node is large enough for what it asks for one container.');
    if (roomOn === undefined)
      return needsApproval('None of the nodes in service has as much left now, so new pods may have to wait.');
    return allow(`Node ${roomOn} has room for it.`);
  },
};
