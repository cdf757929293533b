import { allow, deny, needsApproval, type Verdict } from '../../core/verdict.ts';
import { type Case, type Guardrail, isAutomatic } from '../guardrail.ts';

export const autoscaled: Guardrail = {
  id: 'autoscaled',
  promise: 'What an autoscaler sets, replicas or requests, is not set past it: the two would work against each other.',
  judge(question) {
    const said = [judgeReplicas(question), judgeRequests(question), judgeShares(question)].filter(
      (verdict) => verdict !== undefined,
    );
    return said.find(({ answer }) => answer === 'deny') ?? said[0] ?? allow('No autoscaler sets what it changes.');
  },
};

function judgeReplicas({ plan, autoscaler: fact, origin }: Case): Verdict | undefined {
  const replicas = plan.asks?.replicas;
  if (replicas === undefined) return undefined;
  if ('unreadable' in fact)
    return needsApproval(`Whether an autoscaler scales it cannot be read (${fact.unreadable}).`);
  if (fact.known === undefined) return undefined;
  const { name, min, max } = fact.known;
  if (replicas === 0) return needsApproval(`The autoscaler ${name} stops scaling it while it has no replicas.`);
  return refuse(
    `The autoscaler ${name} sets its replicas (${min} to ${max}) and will change them again; change its bounds instead.`,
    origin,
  );
}

function judgeRequests({ plan, verticalAutoscaler: fact, origin }: Case): Verdict | undefined {
  const { cpu, memory } = plan.asks ?? {};
  if (cpu === undefined && memory === undefined) return undefined;
  if ('unreadable' in fact)
    return needsApproval(`Whether a VerticalPodAutoscaler sets its requests cannot be read (${fact.unreadable}).`);
  if (fact.known === undefined) return undefined;
  const { name, mode } = fact.known;
  return refuse(
    `The VerticalPodAutoscaler ${name} (${mode}) sets its requests and limits and will change them again; change what it may set instead.`,
    origin,
  );
}

/** A share of another request is another amount, so the same load gets more or fewer replicas. */
function judgeShares({ plan: { requests = [] }, autoscaler: fact, origin }: Case): Verdict | undefined {
  if (requests.length === 0) return undefined;
  if ('unreadable' in fact)
    return needsApproval(`Whether an autoscaler reckons with its requests cannot be read (${fact.unreadable}).`);
  const [shared] = requests.filter((resource) => fact.known?.shares.includes(resource));
  if (fact.known === undefined || shared === undefined) return undefined;
  return refuse(
    `The autoscaler ${fact.known.name} scales by the share of the requested ${shared} in use, so another request changes how many replicas it wants.`,
    origin,
  );
}

function refuse(reason: string, origin: Case['origin']): Verdict {
  return isAutomatic(origin) ? deny(reason) : needsApproval(reason);
}
