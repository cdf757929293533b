import type { Json } from '../../src/core/json.ts';
import type { ResourceRef } from '../../src/core/resource-ref.ts';
import type { ActionId } from '../../src/ops/actions/index.ts';
import { approve } from '../../src/ops/approve.ts';
import type { OpsContext } from '../../src/ops/context.ts';
import { targetOf } from '../../src/ops/remedies/steps.ts';
import { submit } from '../../src/ops/submit.ts';
import type { DeskWorld } from './desk.ts';

export interface Wish {
  readonly id: ActionId;
  readonly target: ResourceRef;
  readonly params?: Readonly<Record<string, Json>>;
}

/** One person asks for it and another approves it. Answers the id under which it is carried out. */
export async function askAndApprove(
  { registry, ops }: { readonly registry: DeskWorld['registry']; readonly ops: OpsContext },
  { id, target, params = {} }: Wish,
): Promise<string> {
  const incident = await registry.request(target, `${id} was asked for`);
  const origin = { surface: 'slash', user: 'U_BEN' } as const;
  const request = { incidentId: incident.id, actionId: id, params: { target: targetOf(target), ...params }, origin };
  const submission = await submit({ ...request, reason: 'why' }, ops);
  if ('refused' in submission) throw new Error(submission.refused);
  const proposalId = submission.proposal.id;
  await approve({ proposalId, user: 'U_CHI' }, ops);
  return proposalId;
}
