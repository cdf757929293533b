import { Autonomy, autonomyFor } from '../../core/policy.ts';
import { allow, deny, needsApproval } from '../../core/verdict.ts';
import { describePlace, type Guardrail, isAutomatic } from '../guardrail.ts';

const order = Autonomy.options;
const riskOrder = { low: 0, medium: 1, high: 2 } as const;

/** The ladder observe < suggest < approve < auto, per namespace and action. */
export const autonomy: Guardrail = {
  id: 'autonomy',
  promise: 'Lifeguard acts alone only where the namespace and action are set to auto and the risk is low.',
  judge({ plan, namespaces, actionId, origin, policy }) {
    const [{ level, place } = { level: 'observe', place: 'no namespace' }] = namespaces
      .map((one) => ({ place: describePlace(one), level: autonomyFor(policy, one, actionId) }))
      .toSorted((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
    if (level === 'observe') return deny(`${actionId} is set to observe in ${place}: Lifeguard only reports there.`);
    if (!isAutomatic(origin)) return needsApproval('A person asked for it, so a person confirms it.');
    if (level !== 'auto') return needsApproval(`${actionId} is set to ${level} in ${place}: a person decides.`);
    if (origin.surface === 'ai') return needsApproval('A model proposed it, so a person decides.');
    if (riskOrder[plan.risk] > riskOrder[policy.maxAutoRisk]) {
      return needsApproval(`Its risk is ${plan.risk}; alone, Lifeguard goes up to ${policy.maxAutoRisk}.`);
    }
    return allow(`${actionId} is set to auto in ${place}, and the risk is ${plan.risk}.`);
  },
};
