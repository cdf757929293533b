import { describe, expect, it } from 'vitest';
import { LifeguardError } from '../../../src/core/errors.ts';
import { type Actor, type Identities, identityOf } from '../../../src/core/identity.ts';
import { findAction } from '../../../src/ops/actions/index.ts';
import { approve } from '../../../src/ops/approve.ts';
import { readStanding } from '../../../src/ops/authority.ts';
import { advanceExecution } from '../../../src/ops/execute.ts';
import type { Standing } from '../../../src/ops/guardrail.ts';
import { rights } from '../../../src/ops/guardrails/rights.ts';
import { climbLadder } from '../../../src/ops/remedy-ladder.ts';
import { submit } from '../../../src/ops/submit.ts';
import { crashLoopOf } from '../../support/desk.ts';
import { createFakeAccess } from '../../support/fakes/access.ts';
import { aCase } from '../../support/guardrail-case.ts';
import { createRollbackWorld, runToEnd } from '../../support/rollback-world.ts';

const identities: Identities = {
  users: { U_ANA: { user: 'ana', groups: [] }, U_CHI: { user: 'chi', groups: ['admins'] } },
  groups: { S_DEV: { user: 'dev', groups: ['devs'] }, S_OPS: { user: 'ops', groups: [] } },
  others: 'denied',
};

describe('who somebody is in Kubernetes', () => {
  const unmapped = { ...identities, groups: {}, others: 'lifeguard' } as const;

  it.each<[string, Actor, Identities, unknown]>([
    ['their own entry', { user: 'U_ANA', groups: ['S_DEV'] }, identities, { user: 'ana', groups: [] }],
    ['that of their group', { user: 'U_X', groups: ['S_OPS'] }, identities, { user: 'ops', groups: [] }],
    [
      'of two groups the first',
      { user: 'U_X', groups: ['S_OPS', 'S_DEV'] },
      identities,
      { user: 'dev', groups: ['devs'] },
    ],
    ['nobody', { user: 'U_X', groups: ['S_LUNCH'] }, identities, 'denied'],
    [
      'Lifeguard, where the configuration says so',
      { user: 'U_X', groups: [] },
      { ...identities, others: 'lifeguard' },
      'lifeguard',
    ],
    [
      'nobody while the groups are not known',
      { user: 'U_X', groups: undefined },
      { ...identities, others: 'lifeguard' },
      'denied',
    ],
    ['their own, groups known or not', { user: 'U_ANA', groups: undefined }, identities, { user: 'ana', groups: [] }],
    ['Lifeguard where no group could tell', { user: 'U_X', groups: undefined }, unmapped, 'lifeguard'],
  ])('is %s', (_what, actor, map, identity) => {
    expect(identityOf(actor, map)).toEqual(identity);
  });
});

describe('the guardrail', () => {
  const lacks = { apiGroup: 'apps', resource: 'deployments', verb: 'patch', namespace: 'shop', name: 'checkout' };
  const ana = { user: 'ana', groups: [] };
  const standing = (overrides: Partial<Standing>) => ({
    rights: { known: { does: 'approved', identity: ana, missing: [], ...overrides } as const },
  });

  it.each([
    ['lets Lifeguard act with its own rights', { rights: { known: undefined } }, 'allow', 'own rights'],
    ['lets through who may', standing({}), 'allow', 'ana may'],
    [
      'denies who may not',
      standing({ missing: [lacks] }),
      'deny',
      'ana may not patch deployments checkout in namespace shop',
    ],
    [
      'denies who is nobody',
      standing({ identity: undefined, does: 'approves' }),
      'deny',
      'You have no Kubernetes identity',
    ],
    ['says so where who asks may not', standing({ does: 'asks', missing: [lacks] }), 'needs-approval', 'ana may not'],
    [
      'says so where who asks is nobody',
      standing({ does: 'asks', identity: undefined }),
      'needs-approval',
      'Who asked',
    ],
    ['denies what cannot be read', { rights: { unreadable: 'it is down' } }, 'deny', 'it is down'],
  ])('%s', (_what, facts, answer, words) => {
    expect(rights.judge(aCase(facts))).toMatchObject({ answer, reason: expect.stringContaining(words) });
  });
});

/** A crash loop, its proposed rollback, and people who are somebody in Kubernetes. */
async function openWorld(
  options: { readonly others?: Identities['others']; readonly two?: boolean; readonly asker?: string } = {},
) {
  const world = createRollbackWorld('healthy');
  const access = createFakeAccess({ workloads: world.ops.workloads, objects: world.ops.objects });
  const twoPersons = { namespaces: options.two === true ? ['shop'] : [], risks: [] };
  const map = { ...identities, others: options.others ?? 'denied' };
  const ops = {
    ...world.ops,
    policy: { ...world.ops.policy, approval: { byRequester: true, twoPersons } },
    impersonation: { identities: map, access },
  };
  const incident = await world.registry.observe(crashLoopOf(world.checkout));
  const submission = await submit(
    {
      incidentId: incident.id,
      actionId: 'rollback-workload',
      params: { target: { ...world.checkout } },
      reason: 'test',
      origin: options.asker === undefined ? { surface: 'auto' } : { surface: 'slash', user: options.asker, groups: [] },
    },
    ops,
  );
  if ('refused' in submission) throw new Error(submission.refused);
  const { proposal } = submission;
  return {
    ...world,
    ops,
    access,
    proposal,
    vote: (user: string, groups: readonly string[] | undefined = []) =>
      approve({ proposalId: proposal.id, user, groups }, ops),
    letRollBack: (to: string) => {
      access.allow({ to, verb: 'patch', resource: 'deployments', namespace: 'shop', name: 'checkout' });
      access.allow({ to, verb: 'delete', resource: 'pods', namespace: 'shop' });
    },
    state: async () => (await ops.proposals.get(proposal.id))?.state,
    execution: () => ops.executions.get(proposal.id),
  };
}

describe('a yes', () => {
  it('does not count where the person may not do it in Kubernetes, and nothing is tried in their name', async () => {
    const { vote, state, access, audit, executed, letRollBack } = await openWorld();
    letRollBack('somebody-else');
    expect(await vote('U_ANA')).toEqual({ held: expect.stringContaining('ana may not patch deployments checkout') });
    expect([await state(), access.writes, executed]).toEqual(['awaiting-approval', [], []]);
    expect(audit.at(-1)).toMatchObject({ what: 'denied', who: 'U_ANA' });
  });

  it('does not count of who has no identity, unless the configuration lets Lifeguard do it', async () => {
    const { vote, state } = await openWorld();
    expect(await vote('U_NEW')).toEqual({ held: expect.stringContaining('You have no Kubernetes identity') });
    expect(await state()).toBe('awaiting-approval');
    const open = await openWorld({ others: 'lifeguard' });
    expect(await open.vote('U_NEW')).toHaveProperty('proposal.state', 'approved');
    await runToEnd(open.proposal.id, open.ops);
    expect([open.access.writes, open.writes().length]).toEqual([[], 1]);
  });

  it('does not count while it cannot be read what the person may', async () => {
    const { vote, state, access, letRollBack } = await openWorld();
    letRollBack('ana');
    access.breakWith(new LifeguardError('It is down.', { code: 'cluster-unreachable', retry: 'transient' }));
    expect(await vote('U_ANA')).toEqual({ held: expect.stringContaining('cannot be read (It is down.)') });
    expect(await state()).toBe('awaiting-approval');
  });

  it('of who may is tried and written in their name, whichever process does it', async () => {
    const { vote, proposal, ops, access, letRollBack, writes, execution } = await openWorld();
    letRollBack('ana');
    expect(await vote('U_ANA')).toHaveProperty('proposal.state', 'approved');
    await runToEnd(proposal.id, { ...ops });
    expect(await execution()).toMatchObject({ phase: 'proven' });
    expect(access.writes).toEqual([
      'ana tries patch deployments checkout',
      'ana tries patch deployments checkout',
      'ana patch deployments checkout',
    ]);
    expect(writes()).toHaveLength(1);
  });

  it('of a member of a group is done as the group, as it was when they said it', async () => {
    const { vote, proposal, ops, access, letRollBack } = await openWorld();
    letRollBack('devs');
    expect(await vote('U_NEW', ['S_DEV'])).toHaveProperty('proposal.decision.groups', ['S_DEV']);
    await runToEnd(proposal.id, ops);
    expect(access.writes.at(-1)).toBe('dev patch deployments checkout');
  });

  it('of two, both must be allowed to; it is done in the name of the second', async () => {
    const { vote, proposal, ops, access, letRollBack, state } = await openWorld({ two: true });
    letRollBack('chi');
    expect(await vote('U_ANA')).toHaveProperty('held');
    expect((await ops.proposals.get(proposal.id))?.firstApproval).toBeUndefined();
    letRollBack('ana');
    await vote('U_CHI');
    await vote('U_ANA');
    expect(await state()).toBe('approved');
    await runToEnd(proposal.id, ops);
    expect(access.writes.at(-1)).toBe('ana patch deployments checkout');
  });
});

describe('between the yes and the write', () => {
  it('rights that were taken away stop it at the recheck', async () => {
    const { vote, proposal, ops, access, letRollBack, writes, execution } = await openWorld();
    letRollBack('ana');
    await vote('U_ANA');
    access.revoke();
    await runToEnd(proposal.id, ops);
    expect(await execution()).toMatchObject({ phase: 'refused', outcome: expect.stringContaining('ana may not') });
    expect(writes()).toEqual([]);
  });

  it('an identity that was taken away stops it at the write, though Lifeguard may', async () => {
    const { vote, proposal, ops, access, letRollBack, writes, execution } = await openWorld();
    letRollBack('ana');
    await vote('U_ANA');
    await advanceExecution(proposal.id, ops);
    expect(await execution()).toMatchObject({ phase: 'applying' });
    await runToEnd(proposal.id, { ...ops, impersonation: { identities: { ...identities, users: {} }, access } });
    expect(await execution()).toMatchObject({
      phase: 'refused',
      outcome: expect.stringContaining('no Kubernetes identity'),
    });
    expect(writes()).toEqual([]);
  });
});

it('what did not help is undone in the same name', async () => {
  const world = createRollbackWorld('crashing');
  const access = createFakeAccess({ workloads: world.ops.workloads, objects: world.ops.objects });
  for (const [verb, resource] of [
    ['patch', 'deployments'],
    ['delete', 'pods'],
  ] as const)
    access.allow({ to: 'ana', verb, resource, namespace: 'shop' });
  const ops = { ...world.ops, impersonation: { identities, access } };
  const incident = await world.registry.observe(crashLoopOf(world.checkout));
  await climbLadder(incident, ops);
  const id = (await ops.incidents.get(incident.id))?.proposalIds[0] ?? '';
  await approve({ proposalId: id, user: 'U_ANA', groups: [] }, ops);
  await runToEnd(id, ops);
  expect(await ops.executions.get(id)).toMatchObject({ phase: 'undone' });
  expect(access.writes.filter((write) => !write.includes('tries'))).toEqual(
    Array(2).fill('ana patch deployments checkout'),
  );
});

it('what Lifeguard does by itself it does with its own rights', async () => {
  const world = createRollbackWorld('healthy');
  const access = createFakeAccess({ workloads: world.ops.workloads, objects: world.ops.objects });
  const policy = { ...world.ops.policy, autonomy: 'auto' as const };
  const ops = { ...world.ops, policy, impersonation: { identities, access } };
  const incident = await world.registry.observe(crashLoopOf(world.checkout));
  await climbLadder(incident, ops);
  const id = (await ops.incidents.get(incident.id))?.proposalIds[0] ?? '';
  await runToEnd(id, ops);
  expect(await ops.executions.get(id)).toMatchObject({ phase: 'proven' });
  expect([access.writes, world.writes().length]).toEqual([[], 1]);
});

it('what does not say which rights it takes is not done for anybody', async () => {
  const { ops, proposal } = await openWorld();
  const rollback = findAction('rollback-workload');
  if (rollback === undefined) throw new Error('no action');
  const claimant = { actor: { user: 'U_ANA', groups: [] }, does: 'approves' } as const;
  const reading = readStanding(claimant, { action: { ...rollback, rbac: [] }, plan: proposal.plan }, ops);
  await expect(reading).rejects.toThrow('does not say what it takes');
});

it('a card that who asked may not approve says so', async () => {
  const { proposal } = await openWorld({ asker: 'U_ANA' });
  expect(proposal.rulings).toContainEqual({
    guardrail: 'rights',
    verdict: { answer: 'needs-approval', reason: expect.stringContaining('ana may not patch deployments') },
  });
});
