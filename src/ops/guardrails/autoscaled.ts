import { allow, deny, needsApproval } from '../../core/verdict.ts';
import { type Guardrail, isAutomatic } from '../guardrail.ts';

export const autoscaled: Guardrail = {
  id: 'autoscaled',
  promise: 'What an autoscaler scales is not scaled past it: the two would work against each other.',
  judge({ plan, autoscaler: fact, origin }) {
    const replicas = plan.asks?.replicas;
    if (replicas === undefined) return allow('It does not change the number of replicas.');
    if ('unreadable' in fact)
      return needsApproval(`Whether an autoscaler scales it cannot be read (${fact.unreadable}).`);
    if (fact.known === undefined) return allow('No autoscaler scales it.');
    const { name, min, max } = fact.known;
    if (replicas === 0) return needsApproval(`The autoscaler ${name} stops scaling it while it has no replicas.`);
    const sentence = `The autoscaler ${name} sets its replicas (${min} to ${max}) and will change them again; change its bounds instead.`;
    return isAutomatic(origin) ? deny(sentence) : needsApproval(sentence);
  },
};
