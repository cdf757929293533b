import { approversNeeded } from '../../core/policy.ts';
import { allow, needsApproval } from '../../core/verdict.ts';
import type { Guardrail } from '../guardrail.ts';

export const twoPersons: Guardrail = {
  id: 'two-persons',
  promise: 'Where the configuration wants two people, two different ones have to say yes, and Lifeguard never does.',
  judge({ plan, policy }) {
    if (approversNeeded(policy, plan) === 1) return allow('One person is enough.');
    return needsApproval('Two different people have to approve this.');
  },
};
