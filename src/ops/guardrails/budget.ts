import { allow, deny, needsApproval } from '../../core/verdict.ts';
import { type Guardrail, isAutomatic } from '../guardrail.ts';

/** Karpenter's disruption budgets, for actions: so many in a window, in the cluster and in each namespace. */
export const budget: Guardrail = {
  id: 'budget',
  promise: 'Only so many actions happen within a window, in the whole cluster and in each namespace.',
  judge({ attempts: fact, namespaces, now, policy, origin }) {
    if ('unreadable' in fact) return needsApproval(`The action budget cannot be read (${fact.unreadable}).`);
    const { cluster, namespace: each, windowMs } = policy.budget;
    const recent = fact.known.filter((attempt) => attempt.at > now - windowMs);
    const places = namespaces
      .filter((one) => one !== '')
      .map((one) => ({ used: recent.filter((past) => past.namespaces.includes(one)), limit: each, where: one }));
    const spent = [{ used: recent, limit: cluster, where: 'the cluster' }, ...places].find(
      ({ used, limit }) => used.length >= limit,
    );
    if (spent === undefined) return allow(`${recent.length} of ${cluster} actions used in the cluster.`);
    const reason = `The action budget of ${spent.where} is used up (${spent.used.length} in ${Math.round(windowMs / 60_000)} min).`;
    if (!isAutomatic(origin)) return needsApproval(`${reason} A person may go past it.`);
    return deny(reason, (spent.used[0]?.at ?? now) + windowMs);
  },
};
