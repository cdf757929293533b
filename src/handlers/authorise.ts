import { matches } from '../core/pattern.ts';
import type { Role } from '../core/policy.ts';
import type { Person } from '../core/ports/people.ts';

const order: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, approver: 2, admin: 3 };

/** Roles by Slack user id and user group id. */
interface Grant {
  readonly users: Readonly<Record<string, Role>>;
  readonly groups: Readonly<Record<string, Role>>;
}

/** Who may do what: everywhere, and more in some namespaces; everybody else has `default`. */
export interface RoleMap extends Grant {
  readonly default: Role;
  readonly rules: readonly (Grant & { readonly namespaces: readonly string[] })[];
}

/**
 * Where it is wished: the role must be held in each of these namespaces, the empty one being the cluster itself (nodes, the kill switch), for which only the
 * roles count that are given everywhere. `anywhere`: one namespace is enough, because what it is about is asked next.
 */
export type Where = readonly string[] | 'anywhere';

const cluster: Where = [''];

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
  /** The cluster where absent. */
  readonly where?: Where | undefined;
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
  const lacking = placesOf(question.where ?? cluster, roles)
    .map((place) => ({ ...place, role: roleOf(person, roles.default, place.grants) }))
    .find(({ role }) => order[role] < order[needed]);
  if (lacking === undefined) return allowed;
  if (person.groups === undefined) {
    return refuse('Your user groups cannot be read, so your role cannot be checked now. Please try again in a minute.');
  }
  const { namespace, role, grants } = lacking;
  const there = namespace === '' ? '' : ` in ${namespace}`;
  return refuse(`This needs the ${needed} role${there}; you have ${role}. ${describeHolders(needed, grants)}`);
}

interface PlaceOfRoles {
  /** Empty for the cluster and for anywhere. */
  readonly namespace: string;
  readonly grants: readonly Grant[];
}

function placesOf(where: Where, roles: RoleMap): readonly PlaceOfRoles[] {
  if (where === 'anywhere') return [{ namespace: '', grants: [roles, ...roles.rules] }];
  const namespaces = where.length === 0 ? cluster : where;
  return [...new Set(namespaces)].map((namespace) => ({ namespace, grants: grantsIn(namespace, roles) }));
}

/** What is given everywhere, and in this namespace; no pattern matches the cluster itself. */
export function grantsIn(namespace: string, roles: RoleMap): readonly Grant[] {
  return [roles, ...roles.rules.filter((rule) => namespace !== '' && matches(rule.namespaces, namespace))];
}

/** The highest of what the person's id, groups and the default give. */
function roleOf({ id, groups = [] }: Person, least: Role, grants: readonly Grant[]): Role {
  const granted = grants.flatMap((grant) => [grant.users[id], ...groups.map((group) => grant.groups[group])]);
  return granted.reduce<Role>((best, role) => (role !== undefined && order[role] > order[best] ? role : best), least);
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

function describeHolders(needed: Role, grants: readonly Grant[]): string {
  const enough = (map: Readonly<Record<string, Role>>) => Object.keys(map).filter((id) => holds(map[id], needed));
  const groups = grants.flatMap((grant) => enough(grant.groups)).map((id) => `someone in <!subteam^${id}>`);
  const users = grants.flatMap((grant) => enough(grant.users)).map((id) => `<@${id}>`);
  const holders = [...new Set([...groups, ...users])];
  if (holders.length === 0) return 'Nobody has it yet: it is given under slack.roles in the configuration.';
  const shown = holders.slice(0, holdersShown);
  return `Ask ${shown.join(' or ')}${holders.length > shown.length ? ' (or others who have it)' : ''}.`;
}

function holds(role: Role | undefined, needed: Role): boolean {
  return role !== undefined && order[role] >= order[needed];
}
