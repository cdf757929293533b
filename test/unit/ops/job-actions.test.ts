import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/core/action.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { type ActionId, findAction } from '../../../src/ops/actions/index.ts';
import { createDeskWorld } from '../../support/desk.ts';

const job = { kind: 'Job', namespace: 'shop', name: 'backup' };
const failed: JsonObject = { conditions: [{ type: 'Failed', status: 'True' }] };
const complete: JsonObject = { conditions: [{ type: 'Complete', status: 'True' }] };
const spec: JsonObject = {
  backoffLimit: 2,
  selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': 'u' } },
  template: {
    metadata: { labels: { app: 'backup', 'job-name': 'backup', 'controller-uid': 'u' } },
    spec: { containers: [{ name: 'app', image: 'shop:1' }] },
  },
};

function open(status: JsonObject, content: { readonly spec?: JsonObject; readonly owner?: string } = {}) {
  const world = createDeskWorld();
  const owner = content.owner === undefined ? undefined : { kind: 'CronJob', name: content.owner, uid: 'uid-cron' };
  const target = world.objects.put(job, { status, owner, spec: { ...spec, ...content.spec }, labels: { team: 'a' } });
  const plan = async (id: ActionId) =>
    (await findAction(id)
      ?.bind({ target: { ...target } })
      .plan(world.ops)) ?? { refused: 'no such action' };
  return { ...world, target, plan };
}

type World = ReturnType<typeof open>;

function planned(made: Plan | { readonly refused: string }): Plan {
  if ('refused' in made) throw new Error(made.refused);
  return made;
}

async function judged(id: ActionId, plan: Plan, { ops }: World, waitedMs = 0) {
  const action = findAction(id);
  const after = await action?.measure(plan, ops);
  if (action === undefined || after === undefined) throw new Error('nothing is measured');
  return action.verify({ plan, before: after, after, appliedAt: 0, now: waitedMs }, ops);
}

describe('rerun-job', () => {
  const run = async (world: World, plan: Plan, mark = 'apply') =>
    await findAction('rerun-job')?.execute({ plan, mark }, world.ops);

  it('plans a copy without making it, and says that what it did is done again', async () => {
    const world = open(failed);
    const plan = planned(await world.plan('rerun-job'));
    expect(plan).toMatchObject({
      summary: expect.stringMatching(/^Run Job shop\/backup once more, as backup-rerun-\w+\.$/),
      blastRadius: 'What it does is done again; the failed Job stays for its log.',
      risk: 'medium',
      undo: expect.stringContaining('cannot be taken back'),
    });
    expect(world.objects.writes).toEqual([]);
  });

  it('makes one copy, however often it is carried out, that has pods of its own', async () => {
    const world = open(failed);
    const plan = planned(await world.plan('rerun-job'));
    for (let turn = 0; turn < 2; turn += 1) await run(world, plan);
    const [copy] = plan.objects ?? [];
    expect(world.objects.writes).toEqual([`create Job shop/${copy?.name}`]);
    expect(await findAction('rerun-job')?.isApplied({ plan, mark: 'apply' }, world.ops)).toBe(true);
    const made = copy === undefined ? undefined : await world.objects.read(copy);
    expect(made?.spec).toEqual({
      backoffLimit: 2,
      template: {
        metadata: { labels: { app: 'backup' } },
        spec: { containers: [{ name: 'app', image: 'shop:1' }] },
      },
    });
    expect(made?.labels).toEqual({ team: 'a' });
  });

  it('stays with the CronJob it came from', async () => {
    const world = open(failed, { owner: 'nightly' });
    const plan = planned(await world.plan('rerun-job'));
    await run(world, plan);
    const [copy] = plan.objects ?? [];
    expect(copy === undefined ? undefined : (await world.objects.read(copy))?.owner).toEqual({
      kind: 'CronJob',
      name: 'nightly',
      uid: 'uid-cron',
    });
  });

  it.each<[string, JsonObject, object]>([
    ['complete', complete, { verdict: 'improved', settled: true }],
    ['failed again', failed, { verdict: 'unchanged', settled: true }],
    ['still running', {}, { verdict: 'unknown', settled: false }],
  ])('is proven by its end: %s', async (_case, status, verdict) => {
    const world = open(failed);
    const plan = planned(await world.plan('rerun-job'));
    await run(world, plan);
    const [copy] = plan.objects ?? [];
    if (copy === undefined) throw new Error('no copy');
    world.objects.put(copy, { status });
    expect(await judged('rerun-job', plan, world)).toMatchObject(verdict);
  });

  it('that goes on past the deadline is not known to be good', async () => {
    const world = open(failed);
    const plan = planned(await world.plan('rerun-job'));
    await run(world, plan);
    expect(await judged('rerun-job', plan, world, 60_000)).toMatchObject({ verdict: 'unknown', settled: true });
  });

  it('takes no other Job of that name for its copy, and makes none of what is gone', async () => {
    const world = open(failed);
    const plan = planned(await world.plan('rerun-job'));
    const [copy] = plan.objects ?? [];
    if (copy === undefined) throw new Error('no copy');
    const stranger = world.objects.put(copy, { annotations: { 'lifeguard.dev/rerun-of': 'other' } });
    await expect(run(world, plan)).rejects.toMatchObject({ code: 'cluster-conflict' });
    await world.objects.remove({ ref: stranger, dryRun: false });
    await world.objects.remove({ ref: world.target, dryRun: false });
    await expect(run(world, plan)).rejects.toMatchObject({ code: 'cluster-not-found' });
  });

  it('is refused while the Job runs, where it selects pods by hand, and where there is none', async () => {
    expect(await open({}).plan('rerun-job')).toEqual({ refused: expect.stringContaining('has not ended yet') });
    expect(await open(failed, { spec: { manualSelector: true } }).plan('rerun-job')).toEqual({
      refused: expect.stringContaining('by hand'),
    });
    const world = open(failed);
    await world.objects.remove({ ref: world.target, dryRun: false });
    expect(await world.plan('rerun-job')).toEqual({ refused: expect.stringContaining('does not exist') });
  });
});

describe('delete-job', () => {
  it('plans without deleting, deletes once, and is proven once it is gone', async () => {
    const world = open(failed);
    const plan = planned(await world.plan('delete-job'));
    expect(plan).toMatchObject({
      summary: 'Delete Job shop/backup, which has failed.',
      blastRadius: 'Its pods and their logs go with it.',
      undo: expect.stringContaining('cannot be brought back'),
    });
    expect(world.objects.writes).toEqual([]);
    expect(await judged('delete-job', plan, world)).toMatchObject({ settled: false });
    const run = { plan, mark: 'apply' };
    for (let turn = 0; turn < 2; turn += 1) await findAction('delete-job')?.execute(run, world.ops);
    expect(world.objects.writes).toEqual(['remove Job shop/backup']);
    expect(await findAction('delete-job')?.isApplied(run, world.ops)).toBe(true);
    expect(await judged('delete-job', plan, world)).toMatchObject({ verdict: 'improved', settled: true });
  });

  it('leaves the Job alone that has been made anew since', async () => {
    const world = open(failed);
    const plan = planned(await world.plan('delete-job'));
    await world.objects.remove({ ref: world.target, dryRun: false });
    const anew = world.objects.put(job, { status: {} });
    await findAction('delete-job')?.execute({ plan, mark: 'apply' }, world.ops);
    expect(await world.objects.read(anew)).toBeDefined();
  });

  it('is refused while the Job runs, and where there is none', async () => {
    expect(await open({}).plan('delete-job')).toEqual({ refused: expect.stringContaining('deletes none that runs') });
    const world = open(complete);
    await world.objects.remove({ ref: world.target, dryRun: false });
    expect(await world.plan('delete-job')).toEqual({ refused: expect.stringContaining('does not exist') });
  });
});
