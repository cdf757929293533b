import type { Config } from '../config/load.ts';
import { autonomyFor } from '../core/policy.ts';
import type { Proposal } from '../core/proposal.ts';
import { grantsIn } from '../handlers/authorise.ts';
import { formatGroup, formatPerson } from '../notifications/blocks/mrkdwn.ts';

/**
 * Slack markup that calls who may decide there, where the autonomy of the action is `approve`: the user groups of the configuration, or the
 * people named there where it has no such group.
 */
export function callApprovers({ plan, actionId }: Proposal, { policy, slack }: Config): string | undefined {
  const { namespace } = plan.target;
  if (autonomyFor(policy, namespace, actionId) !== 'approve') return undefined;
  const grants = grantsIn(namespace, slack.roles);
  const groups = grants.flatMap((grant) => deciders(grant.groups));
  const users = grants.flatMap((grant) => deciders(grant.users));
  const called = groups.length > 0 ? groups.map(formatGroup) : users.map(formatPerson);
  return called.length === 0 ? undefined : [...new Set(called)].join(' ');
}

/** Every user group that says what somebody may do, or who they are: the ones to ask Slack about. */
export function knownGroups({ slack: { roles }, kubernetes: { identities } }: Config): readonly string[] {
  const maps = [roles, ...roles.rules, ...(identities === undefined ? [] : [identities])];
  return [...new Set(maps.flatMap(({ groups }) => Object.keys(groups)))];
}

function deciders(roles: Config['slack']['roles']['users']): string[] {
  return Object.entries(roles).flatMap(([id, role]) => (role === 'approver' || role === 'admin' ? [id] : []));
}
