import { describeError } from '../core/errors.ts';
import type { Actor } from '../core/identity.ts';
import type { Role } from '../core/policy.ts';
import type { Person } from '../core/ports/people.ts';
import { authorise, type Permission, type Visitor, type Where } from './authorise.ts';
import type { DeskContext } from './context.ts';

/** What somebody wants to be let in for. */
export interface Entry {
  readonly visitor: Visitor;
  readonly needed: Role;
  /** The cluster where absent. */
  readonly where?: Where;
  /** What the visitor wants, for the audit: `command restart`, `approve`. */
  readonly wish: string;
}

type Admission = { readonly allowed: true; readonly actor: Actor } | Exclude<Permission, { readonly allowed: true }>;

/** Checks, now and on the server, whether somebody may do something; a refusal goes into the audit. */
export async function checkAtGate(entry: Entry, context: DeskContext): Promise<Admission> {
  const { visitor, needed, where, wish } = entry;
  const { roles, workspace, ops } = context;
  const person = await describe(visitor, context);
  const permission = authorise({ visitor, person, needed, where, roles, workspace });
  const { userId } = visitor;
  if (permission.allowed) return { allowed: true, actor: actorOf(userId, person) };
  ops.log.info('somebody was refused', { user: userId, team: visitor.teamId, wish, why: permission.why });
  await ops.audit
    .append({ at: ops.clock.now(), what: 'unauthorised', who: userId, subject: wish, detail: permission.why })
    .catch((error: unknown) => ops.log.error('a refusal could not be audited', { problem: describeError(error) }));
  return permission;
}

function actorOf(user: string, person: Person | undefined): Actor {
  return { user, groups: person?.groups };
}

/** Tells what somebody could do, for what is shown and not for what is done. */
export async function readReach(
  visitor: Visitor,
  context: DeskContext,
): Promise<(needed: Role, where?: Where) => boolean> {
  const { roles, workspace } = context;
  const person = await describe(visitor, context);
  return (needed, where) => authorise({ visitor, person, needed, where, roles, workspace }).allowed;
}

async function describe({ userId }: Visitor, { people, ops }: DeskContext): Promise<Person | undefined> {
  try {
    return await people.describe(userId);
  } catch (error) {
    ops.log.warn('Slack could not be asked about a person', { user: userId, problem: describeError(error) });
    return undefined;
  }
}
