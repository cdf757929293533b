import { z } from 'zod';

/** Who wants or decides something: a Slack user, and those user groups of theirs that the configuration names. */
export interface Actor {
  readonly user: string;
  /** Undefined where Slack could not say it. */
  readonly groups: readonly string[] | undefined;
}

/** Somebody as Kubernetes knows them. */
export interface Identity {
  readonly user: string;
  readonly groups: readonly string[];
}

/** Who is who in Kubernetes, by Slack user id and user group id. */
export interface Identities {
  readonly users: Readonly<Record<string, Identity>>;
  readonly groups: Readonly<Record<string, Identity>>;
  /** Everybody else: may change nothing, or changes it with Lifeguard's own rights. */
  readonly others: Others;
}

export const Others = z.enum(['denied', 'lifeguard']);
export type Others = z.infer<typeof Others>;

/**
 * As whom a person's changes are made. A person's own entry comes before those of their user groups; of these the first in the configuration. Whose groups are not
 * known may be somebody, so they are nobody.
 */
export function identityOf(actor: Actor, { users, groups, others }: Identities): Identity | Others {
  const own = users[actor.user];
  if (own !== undefined) return own;
  const shared = Object.entries(groups);
  if (shared.length > 0 && actor.groups === undefined) return 'denied';
  return shared.find(([group]) => actor.groups?.includes(group))?.[1] ?? others;
}
