import { describe, expect, it } from 'vitest';
import { findingKey } from '../../../src/core/finding.ts';
import type { People } from '../../../src/core/ports/people.ts';
import { submit } from '../../../src/ops/submit.ts';
import { crashLoopOf, createDeskWorld, openDesk } from '../../support/desk.ts';

const anybody: People = {
  describe: async (id) => ({ id, kind: 'member', teamIds: ['T0LOCAL'], groups: [] }),
};

/** Ona operates the shop, Abe approves there and Pia in pay; Ben operates everywhere. An incident and a proposal are in the shop. */
async function openWorld() {
  const world = createDeskWorld();
  const rule = (namespace: string, users: Readonly<Record<string, 'operator' | 'approver'>>) => ({
    namespaces: [namespace],
    users,
    groups: {},
  });
  const roles = {
    default: 'viewer',
    users: { U_BEN: 'operator' },
    groups: {},
    rules: [rule('shop', { U_ONA: 'operator', U_ABE: 'approver' }), rule('pay', { U_PIA: 'approver' })],
  } as const;
  const desk = openDesk({ ...world, context: { ...world.context, roles } }, anybody);
  const incident = await world.registry.observe(crashLoopOf(world.checkout));
  const submission = await submit(
    {
      incidentId: incident.id,
      actionId: 'rollback-workload',
      params: { target: { ...world.checkout } },
      reason: 'test',
      origin: { surface: 'auto' },
    },
    world.ops,
  );
  if ('refused' in submission) throw new Error(submission.refused);
  const entries = { root: { ts: '1.000001', digest: 'x' } };
  await world.deliveries.write(incident.id, { channel: 'C_OPS', version: 1, entries });
  const visitor = (userId: string) => ({ userId, teamId: 'T0LOCAL' });
  const click = (userId: string, value: string) => ({
    visitor: visitor(userId),
    value,
    place: { channel: 'C_OPS', ts: '1.000001' },
  });
  return {
    ...world,
    desk,
    incident,
    id: submission.proposal.id,
    click,
    ask: async (userId: string, text: string) => (await desk.command({ visitor: visitor(userId), text })).message.text,
    home: async (userId: string) => JSON.stringify(await desk.home(visitor(userId))),
  };
}

describe('an action by command', () => {
  it('is asked for where the role is given, and nowhere else', async () => {
    const { ask, audit, registry } = await openWorld();
    expect(await ask('U_ONA', 'restart shop/checkout')).toContain('Proposed: Restart');
    const open = (await registry.open()).length;
    expect(await ask('U_ONA', 'restart pay/till')).toContain('needs the operator role in pay; you have viewer');
    expect(await registry.open()).toHaveLength(open);
    expect(audit.at(-1)).toMatchObject({ what: 'unauthorised', who: 'U_ONA', subject: 'command restart' });
  });

  it('on a node needs a role that is given everywhere', async () => {
    const { ask, objects } = await openWorld();
    for (const name of ['node-1', 'node-2', 'node-3', 'node-4'])
      objects.put({ kind: 'Node', namespace: '', name }, { spec: {} });
    expect(await ask('U_ONA', 'cordon node-1')).toContain('needs the operator role; you have viewer');
    expect(await ask('U_BEN', 'cordon node-1')).not.toContain('operator role');
  });

  it('is refused before the cluster is looked at to those who have the role nowhere', async () => {
    const { ask } = await openWorld();
    expect(await ask('U_NEW', 'restart no-such-thing')).toContain('needs the operator role');
    expect(await ask('U_ONA', 'restart no-such-thing')).toContain('There is no workload');
  });
});

it.each(['silence', 'unsilence'])('%s is for those who operate wherever the incident is', async (word) => {
  const { ask, incident, registry, checkout } = await openWorld();
  const words = `${word} ${incident.id}${word === 'silence' ? ' 1h' : ''}`;
  expect(await ask('U_PIA', words)).toContain('needs the operator role in shop');
  expect(await ask('U_ONA', words)).toContain('it cannot be done. No alert of');
  const cause = crashLoopOf(checkout);
  await registry.observe(crashLoopOf({ kind: 'Deployment', namespace: 'pay', name: 'till' }), {
    correlate: (findings) =>
      new Map(findings.map((one) => [findingKey(one), { finding: cause, because: 'it calls checkout' }])),
    labelsOf: () => ({}),
  });
  expect(await ask('U_ONA', words)).toContain('needs the operator role in pay');
});

it.each(['ack', 'assign', 'snooze', 'resolve', 'reopen', 'stop'])(
  '%s is for those who operate where the incident is',
  async (word) => {
    const { ask, incident, ops } = await openWorld();
    const words = `${word} ${incident.id}${word === 'snooze' ? ' 1h' : ''}`;
    expect(await ask('U_PIA', words)).toContain('needs the operator role in shop');
    expect((await ops.incidents.get(incident.id))?.attention).toEqual(incident.attention);
    expect(await ask('U_ONA', words)).not.toContain('operator role');
  },
);

it('an incident in several namespaces is for those who operate in all of them', async () => {
  const { ask, incident, ops, registry, checkout } = await openWorld();
  const cause = crashLoopOf(checkout);
  await registry.observe(crashLoopOf({ kind: 'Deployment', namespace: 'pay', name: 'till' }), {
    correlate: (findings) =>
      new Map(findings.map((one) => [findingKey(one), { finding: cause, because: 'it calls checkout' }])),
    labelsOf: () => ({}),
  });
  expect((await ops.incidents.get(incident.id))?.related).toHaveLength(1);
  expect(await ask('U_ONA', `ack ${incident.id}`)).toContain('needs the operator role in pay');
  expect(await ask('U_BEN', `ack ${incident.id}`)).toContain('You have it');
});

it('maintenance is announced by those who operate in that namespace', async () => {
  const { ask } = await openWorld();
  expect(await ask('U_ONA', 'maintenance pay 1h')).toContain('needs the operator role in pay');
  expect(await ask('U_ONA', 'maintenance shop 1h')).toContain('nobody is told');
  expect(await ask('U_PIA', 'maintenance')).toContain('shop until');
});

it('the menu of an incident is for those who operate where it is; an opinion is everybody’s', async () => {
  const { desk, click, incident, ops } = await openWorld();
  const choose = async (user: string, verb: string) => (await desk.menu(click(user, `${verb}:${incident.id}`))).text;
  expect(await choose('U_PIA', 'acknowledge')).toContain('needs the operator role in shop');
  expect((await ops.incidents.get(incident.id))?.attention.acknowledged).toBeUndefined();
  expect(await choose('U_PIA', 'useful')).toContain('Thank you');
  expect(await choose('U_ONA', 'acknowledge')).toContain('You have it');
});

describe('the buttons of a proposal', () => {
  it.each(['approve', 'reject'] as const)('%s is for those who approve in its namespace', async (choice) => {
    const { desk, click, id, ops } = await openWorld();
    for (const user of ['U_PIA', 'U_ONA', 'U_BEN'])
      expect((await desk.decide(choice, click(user, id))).text).toContain('needs the approver role in shop');
    expect((await ops.proposals.get(id))?.state).toBe('awaiting-approval');
    await desk.decide(choice, click('U_ABE', id));
    expect(await ops.proposals.get(id)).toMatchObject({ decision: { by: 'U_ABE' } });
  });

  it('stop is for those who operate there; details are for everybody', async () => {
    const { desk, click, id } = await openWorld();
    expect((await desk.stop(click('U_PIA', id))).text).toContain('needs the operator role in shop');
    expect((await desk.stop(click('U_ONA', id))).text).toContain('Nothing can be stopped');
    expect(JSON.stringify(await desk.details(click('U_PIA', id)))).toContain('Roll back Deployment');
  });

  it('wait on the home tab of those who may decide them', async () => {
    const { home } = await openWorld();
    expect(await home('U_ABE')).toContain('Roll back Deployment shop/checkout');
    expect(await home('U_PIA')).not.toContain('Roll back Deployment shop/checkout');
  });
});
