import { describeError } from '../core/errors.ts';
import type { Role } from '../core/policy.ts';
import type { Person } from '../core/ports/people.ts';
import { authorise, type Permission, type Visitor } from './authorise.ts';
import type { DeskContext } from './context.ts';

interface Entry {
  readonly visitor: Visitor;
  readonly needed: Role;
  /** What the visitor wants, for the audit: `command restart`, `approve`. */
  readonly wish: string;
}

/** Checks, now and on the server, whether somebody may do something; a refusal goes into the audit. */
export async function checkAtGate(entry: Entry, context: DeskContext): Promise<Permission> {
  const { visitor, needed, wish } = entry;
  const { roles, workspace, ops } = context;
  const permission = authorise({ visitor, person: await describe(visitor, context), needed, roles, workspace });
  if (permission.allowed) return permission;
  const { userId } = visitor;
  ops.log.info('somebody was refused', { user: userId, team: visitor.teamId, wish, why: permission.why });
  await ops.audit
    .append({ at: ops.clock.now(), what: 'unauthorised', who: userId, subject: wish, detail: permission.why })
    .catch((error: unknown) => ops.log.error('a refusal could not be audited', { problem: describeError(error) }));
  return permission;
}

/** Whether somebody could do what needs that role: for what is shown, not for what is done. */
export async function holdsRole(visitor: Visitor, needed: Role, context: DeskContext): Promise<boolean> {
  const { roles, workspace } = context;
  return authorise({ visitor, person: await describe(visitor, context), needed, roles, workspace }).allowed;
}

async function describe({ userId }: Visitor, { people, ops }: DeskContext): Promise<Person | undefined> {
  try {
    return await people.describe(userId);
  } catch (error) {
    ops.log.warn('Slack could not be asked about a person', { user: userId, problem: describeError(error) });
    return undefined;
  }
}
