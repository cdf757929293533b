import { describe, expect, it } from 'vitest';
import type { Role } from '../../../src/core/policy.ts';
import type { Person } from '../../../src/core/ports/people.ts';
import { authorise, type RoleMap, type Visitor, type Where } from '../../../src/handlers/authorise.ts';

const roles: RoleMap = {
  default: 'viewer',
  users: { U_OP: 'operator', U_CHI: 'admin' },
  groups: { S_ONCALL: 'approver' },
  rules: [],
};
const ladder: readonly Role[] = ['viewer', 'operator', 'approver', 'admin'];

function member(id: string, overrides: Partial<Person> = {}): Person {
  return { id, kind: 'member', teamIds: ['T_HOME'], groups: [], ...overrides };
}

interface Attempt {
  readonly person: Person | undefined;
  readonly needed?: Role;
  readonly visitor?: Partial<Visitor>;
  readonly roles?: RoleMap;
  readonly where?: Where;
  readonly enterpriseId?: string;
}

function ask({ person, needed = 'viewer', visitor = {}, roles: map = roles, where, enterpriseId }: Attempt) {
  const workspace = enterpriseId === undefined ? { teamId: 'T_HOME' } : { teamId: 'T_HOME', enterpriseId };
  const self = { userId: person?.id ?? 'U_X', teamId: 'T_HOME', ...visitor };
  return authorise({ visitor: self, person, needed, roles: map, where, workspace });
}

function whyNot(attempt: Attempt): string {
  const permission = ask(attempt);
  return permission.allowed ? 'allowed' : permission.why;
}

describe('roles', () => {
  const holders: readonly (readonly [string, Person, Role])[] = [
    ['somebody unnamed', member('U_NEW'), 'viewer'],
    ['an operator by id', member('U_OP'), 'operator'],
    ['an approver by group', member('U_ANA', { groups: ['S_ONCALL'] }), 'approver'],
    ['an operator whose group is higher', member('U_OP', { groups: ['S_ONCALL'] }), 'approver'],
    ['an admin by id', member('U_CHI'), 'admin'],
    ['a member of a group without a role', member('U_NEW', { groups: ['S_LUNCH'] }), 'viewer'],
  ];

  it.each(holders)('%s may do what the role allows and nothing above', (_name, person, role) => {
    const allowed = ladder.filter((needed) => ask({ person, needed }).allowed);
    expect(allowed).toEqual(ladder.slice(0, ladder.indexOf(role) + 1));
  });

  it('a refusal names the role and who has it', () => {
    const why = whyNot({ person: member('U_NEW'), needed: 'approver' });
    expect(why).toBe('This needs the approver role; you have viewer. Ask someone in <!subteam^S_ONCALL> or <@U_CHI>.');
  });

  it('a refusal says where roles are given when nobody has it', () => {
    const nobody: RoleMap = { default: 'viewer', users: {}, groups: {}, rules: [] };
    expect(whyNot({ person: member('U_NEW'), needed: 'admin', roles: nobody })).toContain('slack.roles');
  });
});

describe('roles for some namespaces', () => {
  const map: RoleMap = {
    ...roles,
    rules: [
      { namespaces: ['shop', 'pay-*'], users: { U_NEW: 'approver', U_CHI: 'viewer' }, groups: {} },
      { namespaces: ['*'], users: {}, groups: { S_ALL: 'operator' } },
    ],
  };
  const highest = (person: Person, where: Where) =>
    ladder.findLast((needed) => ask({ person, needed, roles: map, where }).allowed);

  it.each<[string, Person, Where, Role]>([
    ['a rule gives more where it matches', member('U_NEW'), ['shop'], 'approver'],
    ['by the beginning of a name too', member('U_NEW'), ['pay-eu'], 'approver'],
    ['and nothing elsewhere', member('U_NEW'), ['pay'], 'viewer'],
    ['nor for the cluster itself', member('U_NEW'), [''], 'viewer'],
    ['not even where it matches every namespace', member('U_X', { groups: ['S_ALL'] }), [''], 'viewer'],
    ['a rule never takes away', member('U_CHI'), ['shop'], 'admin'],
    ['a group of a rule counts', member('U_X', { groups: ['S_ALL'] }), ['stock'], 'operator'],
    ['of several namespaces the least counts', member('U_NEW'), ['shop', 'stock'], 'viewer'],
    ['none named is the cluster', member('U_NEW'), [], 'viewer'],
    ['anywhere is enough before it is known where', member('U_NEW'), 'anywhere', 'approver'],
  ])('%s', (_what, person, where, role) => {
    expect(highest(person, where)).toBe(role);
  });

  it('a refusal names the namespace, and who has the role there', () => {
    const why = (where: Where) => whyNot({ person: member('U_OP'), needed: 'approver', roles: map, where });
    expect(why(['shop'])).toBe(
      'This needs the approver role in shop; you have operator. Ask someone in <!subteam^S_ONCALL> or <@U_CHI> or <@U_NEW>.',
    );
    expect(why([''])).not.toContain('U_NEW');
  });
});

describe('people who are refused whatever their role', () => {
  it.each([
    ['guest', 'guests'],
    ['stranger', 'other organisations'],
    ['bot', 'bots'],
    ['deleted', 'deactivated'],
  ] as const)('%s', (kind, words) => {
    for (const needed of ladder) expect(whyNot({ person: member('U_CHI', { kind }), needed })).toContain(words);
  });

  it('somebody acting from another workspace', () => {
    expect(whyNot({ person: member('U_CHI'), visitor: { teamId: 'T_OTHER' } })).toContain('another Slack workspace');
  });

  it('somebody whose account belongs to another workspace', () => {
    expect(whyNot({ person: member('U_CHI', { teamIds: ['T_OTHER'] }) })).toContain('other organisations');
  });

  it('somebody acting from another enterprise', () => {
    const visitor = { enterpriseId: 'E_OTHER' };
    expect(whyNot({ person: member('U_CHI'), visitor })).toContain('another Slack workspace');
    expect(whyNot({ person: member('U_CHI'), visitor, enterpriseId: 'E_HOME' })).toContain('another Slack workspace');
    expect(ask({ person: member('U_CHI'), visitor: { enterpriseId: 'E_HOME' }, enterpriseId: 'E_HOME' }).allowed).toBe(
      true,
    );
  });

  it('somebody whose account belongs to another enterprise', () => {
    const person = member('U_CHI', { enterpriseId: 'E_OTHER' });
    expect(whyNot({ person, enterpriseId: 'E_HOME' })).toContain('other organisations');
  });
});

describe('when Slack cannot be asked', () => {
  it('reading goes on and changing is refused', () => {
    expect(ask({ person: undefined, needed: 'viewer' }).allowed).toBe(true);
    for (const needed of ladder.slice(1))
      expect(whyNot({ person: undefined, needed })).toContain('cannot be checked now');
  });

  it('reading from another workspace is still refused', () => {
    expect(ask({ person: undefined, visitor: { teamId: 'T_OTHER' } }).allowed).toBe(false);
  });

  it('a role by id holds without the groups; a role by group does not', () => {
    expect(ask({ person: member('U_CHI', { groups: undefined }), needed: 'admin' }).allowed).toBe(true);
    expect(whyNot({ person: member('U_ANA', { groups: undefined }), needed: 'approver' })).toContain(
      'user groups cannot be read',
    );
  });
});
