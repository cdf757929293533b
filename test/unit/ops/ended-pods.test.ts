import { expect, it } from 'vitest';
import { judgeRevision } from '../../../src/analysis/revision-health.ts';
import type { OpsContext } from '../../../src/ops/context.ts';
import { approveRollback, createRollbackWorld, runToEnd } from '../../support/rollback-world.ts';
import { aPod, checkout, seconds, viewOf } from '../../support/views.ts';

const evicted = aPod({ name: 'evicted', phase: 'Failed', reason: 'Evicted', ready: false, containers: [] });

it('a rollback is proven although evicted pods stay beside the new ones', async () => {
  const world = createRollbackWorld('healthy');
  const observe: OpsContext['observer']['observe'] = async (ref) => {
    const view = await world.ops.observer.observe(ref);
    return { ...view, podsOf: (owner) => [...view.podsOf(owner), evicted] };
  };
  const ops = { ...world.ops, observer: { ...world.ops.observer, observe } };
  const id = await approveRollback({ ...world, ops });
  await runToEnd(id, ops);
  expect(await ops.executions.get(id)).toMatchObject({ verification: { verdict: 'improved' } });
});

it('a revision is healthy although evicted pods of it stay', () => {
  const judged = judgeRevision(viewOf({ pod: [aPod(), evicted] }), checkout, 5 * seconds);
  expect(judged?.revision).toBe(2);
});
