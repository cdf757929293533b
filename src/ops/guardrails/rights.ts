import type { Right } from '../../core/ports/access.ts';
import { allow, deny, needsApproval } from '../../core/verdict.ts';
import type { Guardrail } from '../guardrail.ts';

export const rights: Guardrail = {
  id: 'rights',
  promise:
    'Where people have Kubernetes identities, nobody gets through Lifeguard what they may not do in Kubernetes themselves.',
  judge({ rights: fact }) {
    if ('unreadable' in fact) return deny(`What the person may do in Kubernetes cannot be read (${fact.unreadable}).`);
    if (fact.known === undefined) return allow("It is done with Lifeguard's own rights.");
    const { does, identity, missing } = fact.known;
    // Who only asks is not who does it: somebody with the right may still say yes.
    const refuse = does === 'asks' ? needsApproval : deny;
    if (identity === undefined) return refuse(`${subjects[does]} no Kubernetes identity (kubernetes.identities).`);
    const [first] = missing;
    if (first === undefined) return allow(`${identity.user} may do it in Kubernetes.`);
    return refuse(`In Kubernetes, ${identity.user} may not ${missing.map(describeRight).join(', nor ')}.`);
  },
};

const subjects = { asks: 'Who asked for it has', approves: 'You have', approved: 'Who approved it has' } as const;

function describeRight({ verb, resource, namespace, name }: Right): string {
  const what = name === undefined ? resource : `${resource} ${name}`;
  return `${verb} ${what}${namespace === '' ? '' : ` in namespace ${namespace}`}`;
}
