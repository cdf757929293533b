import { allow, deny, needsApproval } from '../../core/verdict.ts';
import { type Guardrail, isAutomatic } from '../guardrail.ts';

/** How soon it is looked again, milliseconds. */
const recheckMs = 60_000;

/**
 * With a greater share out of service nobody takes out more, not even with an approval: then it is the network or the control plane that is sick, and
 * moving pods makes it worse. The share at which Kubernetes itself stops evicting (`--unhealthy-zone-threshold`).
 */
const mostOut = 0.55;

/** Nodes that are taken out one after another are an outage made by hand; a cluster with many bad nodes has another trouble. */
export const nodes: Guardrail = {
  id: 'nodes',
  promise:
    'Nodes are taken out of service one at a time, and never so many that the rest could not carry the load; none where most are sick.',
  judge({ plan, nodes: fact, origin, policy, now }) {
    if ((plan.asks?.nodes ?? 0) === 0) return allow('It takes no node out of service.');
    if ('unreadable' in fact) return deny(`The other nodes cannot be read (${fact.unreadable}).`, now + recheckMs);
    const { total, out, busy } = fact.known;
    if (busy !== undefined) return deny(`Node ${busy} is being worked on; one at a time.`, now + recheckMs);
    if (out + 1 >= total) return deny('No other node would be left in service.', now + recheckMs);
    const share = (out + 1) / total;
    const sentence = `${out + 1} of ${total} nodes would be out of service`;
    if (share > mostOut)
      return deny(`${sentence}: that is an outage, not a sick node, so no node is touched.`, now + recheckMs);
    if (share <= policy.bounds.nodesOut) return allow(`${sentence}.`);
    const reason = `${sentence}, more than ${Math.round(policy.bounds.nodesOut * 100)} % (policy.bounds.nodesOut).`;
    return isAutomatic(origin) ? deny(reason, now + recheckMs) : needsApproval(reason);
  },
};
