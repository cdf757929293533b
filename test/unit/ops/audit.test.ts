import { describe, expect, it } from 'vitest';
import { approve, expireProposals, reject } from '../../../src/ops/approve.ts';
import { advanceExecution } from '../../../src/ops/execute.ts';
import { climbLadder } from '../../../src/ops/remedy-ladder.ts';
import { stopExecutions } from '../../../src/ops/stop.ts';
import { submit } from '../../../src/ops/submit.ts';
import { crashLoopOf, createDeskWorld } from '../../support/desk.ts';
import { createTickingClock } from '../../support/fakes/clock.ts';
import {
  approveRollback,
  createRollbackWorld,
  type RollbackWorld,
  runToEnd,
  start,
} from '../../support/rollback-world.ts';

type World = Pick<RollbackWorld, 'ops' | 'registry' | 'checkout' | 'audit'>;

/** The id of a rollback that waits for a person. */
async function proposeRollback({ registry, checkout, ops }: World): Promise<string> {
  const incident = await registry.observe(crashLoopOf(checkout));
  await climbLadder(incident, ops);
  return (await ops.incidents.get(incident.id))?.proposalIds[0] ?? '';
}

function recordOf({ audit }: World, what: string) {
  const found = audit.filter((record) => record.what === what);
  expect(found.map((record) => record.what)).toEqual([what]);
  return found[0];
}

/** Who, what, why, from where, the verdicts with reasons, the diff, and what it belongs to. */
function whole(who: string, surface: string) {
  return {
    who,
    surface,
    subject: 'Deployment shop/checkout',
    why: expect.stringMatching(/\w{3}/),
    verdicts: expect.arrayContaining([expect.stringMatching(/^autonomy: (allow|needs-approval) \(.+\)$/)]),
    diff: expect.stringContaining('image: shop:1.0.0'),
    incident: expect.stringMatching(/./),
    proposal: expect.stringMatching(/^[a-z0-9]{16}$/),
    detail: expect.stringMatching(/\w{3}/),
  };
}

describe('every record says who, what, why, from where, the verdicts, the diff and the result', () => {
  it('of a rollback that helps', async () => {
    const world = createRollbackWorld('healthy');
    await runToEnd(await approveRollback(world), world.ops);
    expect(world.audit.map(({ what }) => what)).toEqual(['proposed', 'approved', 'applied', 'proven']);
    expect(recordOf(world, 'proposed')).toMatchObject(whole('lifeguard', 'auto'));
    expect(recordOf(world, 'approved')).toMatchObject(whole('U_ANA', 'button'));
    expect(recordOf(world, 'applied')).toMatchObject(whole('U_ANA', 'auto'));
    expect(recordOf(world, 'proven')).toMatchObject({
      ...whole('lifeguard', 'auto'),
      result: {
        outcome: expect.stringMatching(/\w/),
        verdict: 'improved',
        before: { desired: 1, ready: 0, findings: ['crash-loop'] },
        after: { desired: 1, ready: 1, findings: [] },
      },
    });
  });

  it('of one that does not and is undone', async () => {
    const world = createRollbackWorld('crashing');
    await runToEnd(await approveRollback(world), world.ops);
    expect(recordOf(world, 'undone')).toMatchObject({
      ...whole('lifeguard', 'auto'),
      result: { outcome: expect.stringContaining('undone'), verdict: 'unchanged', after: { findings: ['crash-loop'] } },
    });
  });

  it('of one that is rejected', async () => {
    const world = createRollbackWorld('healthy');
    await reject({ proposalId: await proposeRollback(world), user: 'U_ANA' }, world.ops);
    expect(recordOf(world, 'rejected')).toMatchObject(whole('U_ANA', 'button'));
  });

  it.each(['overdue', 'moot', 'late'] as const)('of one that nobody answers in time: %s', async (end) => {
    const clock = createTickingClock(start);
    const world = createDeskWorld({ clock, policy: { approvalExpiresMs: end === 'moot' ? 600_000 : 1 } });
    const id = await proposeRollback(world);
    if (end === 'late') await approve({ proposalId: id, user: 'U_ANA' }, world.ops);
    else await expireProposals([id], end === 'moot' ? 'the trouble is gone.' : undefined, world.ops);
    await expireProposals([id], undefined, world.ops);
    expect(recordOf(world, 'expired')).toMatchObject(whole('lifeguard', 'auto'));
  });

  it('of one that a guardrail denies, with the reason of each', async () => {
    const world = createRollbackWorld('healthy');
    const incident = await world.registry.observe(crashLoopOf(world.checkout));
    await world.controls.setKillSwitch({ engaged: true, by: 'U_CHI', at: start, reason: 'audit day' });
    const origin = { surface: 'slash', user: 'U_BEN' } as const;
    const wish = { actionId: 'rollback-workload', params: { target: world.checkout }, reason: 'asked for', origin };
    const answer = await submit({ ...wish, incidentId: incident.id }, world.ops);
    expect(answer).toMatchObject({ refused: expect.stringMatching(/./), by: 'guardrail' });
    expect(recordOf(world, 'denied')).toMatchObject({
      who: 'U_BEN',
      surface: 'slash',
      why: 'asked for',
      incident: incident.id,
      verdicts: expect.arrayContaining([expect.stringMatching(/^kill-switch: deny \(.*audit day.*\)$/)]),
      diff: expect.stringContaining('image: shop:1.0.0'),
    });
  });

  it('of one that is refused at the last look, with what the guardrails said then', async () => {
    const world = createRollbackWorld('healthy');
    const id = await approveRollback(world);
    await world.controls.setKillSwitch({ engaged: true, by: 'U_CHI', at: start, reason: 'audit day' });
    await runToEnd(id, world.ops);
    expect(recordOf(world, 'refused')).toMatchObject({
      ...whole('lifeguard', 'auto'),
      verdicts: expect.arrayContaining([expect.stringMatching(/^kill-switch: deny \(.*audit day.*\)$/)]),
      result: { outcome: expect.stringContaining('audit day') },
    });
  });

  it('of one that a person stops', async () => {
    const world = createRollbackWorld('healthy');
    const id = await approveRollback(world);
    await advanceExecution(id, world.ops);
    const incident = await world.ops.incidents.get((await world.ops.proposals.get(id))?.incidentId ?? '');
    if (incident === undefined) throw new Error('no incident');
    await stopExecutions(incident, { user: 'U_BEN', surface: 'slash' }, world.ops);
    expect(recordOf(world, 'stopped')).toMatchObject(whole('U_BEN', 'slash'));
  });
});
