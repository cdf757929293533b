import type { Role } from '../core/policy.ts';
import type { Person } from '../core/ports/people.ts';

const order: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, approver: 2, admin: 3 };

/** Who may do what: roles by Slack user id and user group id; everybody else has `default`. */
export interface RoleMap {
  readonly default: Role;
  readonly users: Readonly<Record<string, Role>>;
  readonly groups: Readonly<Record<string, Role>>;
}

/** The one workspace this Lifeguard belongs to. */
export interface Workspace {
  readonly teamId: string;
  readonly enterpriseId?: string;
}

/** Who asks, as the payload says it. */
export interface Visitor {
  readonly userId: string;
  readonly teamId: string;
  readonly enterpriseId?: string;
}

interface Question {
  readonly visitor: Visitor;
  /** Undefined when Slack could not be asked. */
  readonly person: Person | undefined;
  readonly needed: Role;
  readonly roles: RoleMap;
  readonly workspace: Workspace;
}

/** Either it is allowed, or the sentence that says why not and who could. */
export type Permission = { readonly allowed: true } | { readonly allowed: false; readonly why: string };

const allowed: Permission = { allowed: true };

/** Whether this person may do what needs that role. What cannot be checked is refused, unless it is only reading. */
export function authorise(question: Question): Permission {
  const { visitor, person, needed, roles, workspace } = question;
  const foreign = refuseWorkspace(visitor, workspace);
  if (foreign !== undefined) return refuse(foreign);
  if (person === undefined) {
    if (needed === 'viewer') return allowed;
    return refuse(
      'Slack cannot be asked who you are, so your role cannot be checked now. Please try again in a minute.',
    );
  }
  const outsider = refuseKind(person, workspace);
  if (outsider !== undefined) return refuse(outsider);
  const role = roleOf(person, roles);
  if (order[role] >= order[needed]) return allowed;
  if (person.groups === undefined) {
    return refuse('Your user groups cannot be read, so your role cannot be checked now. Please try again in a minute.');
  }
  return refuse(`This needs the ${needed} role; you have ${role}. ${describeHolders(needed, roles)}`);
}

/** The highest of what the person's id, groups and the default give. */
function roleOf(person: Person, roles: RoleMap): Role {
  const granted = [roles.users[person.id], ...(person.groups ?? []).map((group) => roles.groups[group])];
  return granted.reduce<Role>(
    (best, role) => (role !== undefined && order[role] > order[best] ? role : best),
    roles.default,
  );
}

function refuse(why: string): Permission {
  return { allowed: false, why };
}

function refuseWorkspace(visitor: Visitor, workspace: Workspace): string | undefined {
  const sameEnterprise = visitor.enterpriseId === undefined || visitor.enterpriseId === workspace.enterpriseId;
  if (visitor.teamId === workspace.teamId && sameEnterprise) return undefined;
  return 'This Lifeguard belongs to another Slack workspace, so it does not answer you.';
}

function refuseKind(person: Person, workspace: Workspace): string | undefined {
  const outside = 'Lifeguard does not answer people from other organisations.';
  const sentences: Readonly<Record<Person['kind'], string | undefined>> = {
    member: undefined,
    guest: 'Lifeguard does not answer guests. A full member of this workspace can do this for you.',
    stranger: outside,
    bot: 'Lifeguard does not take orders from bots.',
    deleted: 'Your account is deactivated, so Lifeguard does not answer it.',
  };
  const sentence = sentences[person.kind];
  if (sentence !== undefined) return sentence;
  const otherEnterprise = person.enterpriseId !== undefined && person.enterpriseId !== workspace.enterpriseId;
  return otherEnterprise || !person.teamIds.includes(workspace.teamId) ? outside : undefined;
}

/** Names shown before "and others". */
const holdersShown = 4;

function describeHolders(needed: Role, roles: RoleMap): string {
  const enough = (map: Readonly<Record<string, Role>>) => Object.keys(map).filter((id) => holds(map[id], needed));
  const groups = enough(roles.groups).map((id) => `someone in <!subteam^${id}>`);
  const users = enough(roles.users).map((id) => `<@${id}>`);
  const holders = [...groups, ...users];
  if (holders.length === 0) return 'Nobody has it yet: it is given under slack.roles in the configuration.';
  const shown = holders.slice(0, holdersShown);
  return `Ask ${shown.join(' or ')}${holders.length > shown.length ? ' (or others who have it)' : ''}.`;
}

function holds(role: Role | undefined, needed: Role): boolean {
  return role !== undefined && order[role] >= order[needed];
}
