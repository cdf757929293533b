import { allow, deny } from '../../core/verdict.ts';
import type { Guardrail } from '../guardrail.ts';

export const protectedNamespaces: Guardrail = {
  id: 'protected-namespaces',
  promise: 'Nothing is changed in the protected namespaces, whoever asks.',
  judge({ plan, policy }) {
    const { namespace } = plan.target;
    if (!policy.protectedNamespaces.includes(namespace)) return allow(`${namespace} is not protected.`);
    return deny(`${namespace} is a protected namespace; Lifeguard changes nothing there.`);
  },
};
