import { allow, denyForGood, needsApproval } from '../../core/verdict.ts';
import { type Guardrail, isAutomatic } from '../guardrail.ts';
import { raisesAnnotation } from '../workload/patch.ts';

/** A leak takes whatever it gets: so often, then people look for it. */
export const memoryRaises: Guardrail = {
  id: 'memory-raises',
  promise: 'Lifeguard raises the memory of a workload by itself only so often, ever; then people look for the leak.',
  judge({ actionId, origin, policy, workload: fact }) {
    if (actionId !== 'set-resources' || !isAutomatic(origin)) return allow('It is not Lifeguard that raises memory.');
    if ('unreadable' in fact) return needsApproval(`Earlier raises cannot be read (${fact.unreadable}).`);
    const raised = Number(fact.known?.annotations[raisesAnnotation] ?? 0);
    if (!Number.isInteger(raised) || raised < 0)
      return needsApproval(`The annotation ${raisesAnnotation} is not a number.`);
    const { memoryRaises: most } = policy.bounds;
    if (raised < most) return allow(`Raised ${raised} of ${most} times so far.`);
    return denyForGood(
      `Its memory was raised ${raised} times already, so this looks like a leak. People can raise it further.`,
    );
  },
};
