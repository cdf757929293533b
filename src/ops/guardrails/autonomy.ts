import { autonomyFor } from '../../core/policy.ts';
import { allow, deny, needsApproval } from '../../core/verdict.ts';
import { type Guardrail, isAutomatic } from '../guardrail.ts';

const riskOrder = { low: 0, medium: 1, high: 2 } as const;

/** The ladder observe < suggest < approve < auto, per namespace and action. */
export const autonomy: Guardrail = {
  id: 'autonomy',
  promise: 'Lifeguard acts alone only where the namespace and action are set to auto and the risk is low.',
  judge({ plan, actionId, origin, policy }) {
    const { namespace } = plan.target;
    const level = autonomyFor(policy, namespace, actionId);
    if (level === 'observe')
      return deny(`${actionId} is set to observe in ${namespace}: Lifeguard only reports there.`);
    if (!isAutomatic(origin)) return needsApproval('A person asked for it, so a person confirms it.');
    if (level !== 'auto') return needsApproval(`${actionId} is set to ${level} in ${namespace}: a person decides.`);
    if (origin.surface === 'ai') return needsApproval('A model proposed it, so a person decides.');
    if (riskOrder[plan.risk] > riskOrder[policy.maxAutoRisk]) {
      return needsApproval(`Its risk is ${plan.risk}; alone, Lifeguard goes up to ${policy.maxAutoRisk}.`);
    }
    return allow(`${actionId} is set to auto in ${namespace}, and the risk is ${plan.risk}.`);
  },
};
