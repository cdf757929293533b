import { allow, deny } from '../../core/verdict.ts';
import { describePlace, type Guardrail } from '../guardrail.ts';

export const protectedNamespaces: Guardrail = {
  id: 'protected-namespaces',
  promise: 'Nothing is changed in the protected namespaces, whoever asks.',
  judge({ namespaces, policy }) {
    const hit = namespaces.find((one) => policy.protectedNamespaces.includes(one));
    if (hit === undefined) return allow(`${namespaces.map(describePlace).join(', ')} is not protected.`);
    return deny(`${hit} is a protected namespace; Lifeguard changes nothing there.`);
  },
};
