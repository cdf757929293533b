import type { Config } from '../config/load.ts';
import { autonomyFor } from '../core/policy.ts';
import type { Proposal } from '../core/proposal.ts';
import { formatGroup, formatPerson } from '../notifications/blocks/mrkdwn.ts';

/**
 * Slack markup that calls who may decide, where the autonomy of the action is `approve`: the user groups of the configuration, or the
 * people named there where it has no such group.
 */
export function callApprovers({ plan, actionId }: Proposal, { policy, slack }: Config): string | undefined {
  if (autonomyFor(policy, plan.target.namespace, actionId) !== 'approve') return undefined;
  const [groups, users] = [deciders(slack.roles.groups), deciders(slack.roles.users)];
  const called = groups.length > 0 ? groups.map(formatGroup) : users.map(formatPerson);
  return called.length === 0 ? undefined : called.join(' ');
}

function deciders(roles: Config['slack']['roles']['users']): string[] {
  return Object.entries(roles).flatMap(([id, role]) => (role === 'approver' || role === 'admin' ? [id] : []));
}
