import { beforeEach, describe, expect, it } from 'vitest';
import { crashLoopOf, createDeskWorld, type DeskWorld, openBot } from '../support/desk.ts';
import { useLocalSlack } from '../support/local-slack.ts';

const slack = useLocalSlack();
let world: DeskWorld;

beforeEach(async () => {
  world = createDeskWorld();
  openBot(slack.current, world);
  await slack.current.waitForConnections(1);
});

const ready = { conditions: [{ type: 'Ready', status: 'True' }] };

/** What the person sees after typing a command. */
async function type(user: string, words: string): Promise<string> {
  const before = slack.current.messages('C_OPS').length;
  const outcome = await slack.current.command({ user, channel: 'C_OPS', text: `/kube ${words}` });
  expect(outcome.ok).toBe(true);
  const answer = await slack.current.waitFor(() => slack.current.messages('C_OPS')[before]);
  expect(answer.ephemeral_to).toBe(user);
  return JSON.stringify([answer.text, answer.blocks ?? []]);
}

describe('reading', () => {
  it.each(['', 'help', 'HELP', '`help`'])('"%s" shows every command', async (words) => {
    const help = await type('U_ANA', words);
    for (const name of ['status', 'incidents', 'why', 'guardrails', 'rollback', 'restart', 'pause', 'resume']) {
      expect(help).toContain(`/kube ${name}`);
    }
  });

  it('an unknown command is answered with the one that was probably meant', async () => {
    expect(await type('U_ANA', 'roolback checkout')).toContain('Did you mean `rollback`?');
    expect(await type('U_ANA', 'frobnicate')).toContain('/kube help');
  });

  it('status says that nobody watches, and later what is watched', async () => {
    expect(await type('U_ANA', 'status')).toContain('The watcher is silent');
    const troubles = { pods: { problem: 'the watch was refused', since: Date.now() } };
    const status = { at: Date.now(), synced: true, workloads: 3, pods: 9, nodes: 2, nodesReady: 1, troubles };
    await world.context.statusBoard.publish(status);
    const fresh = await type('U_ANA', 'status');
    expect(fresh).toContain('the watch was refused');
    expect(fresh).not.toContain('silent:');
    await world.context.statusBoard.publish({ ...status, at: Date.now() - 31_000 });
    expect(await type('U_ANA', 'status')).toContain('silent');
  });

  it('a node and an autoscaler are found by their names, and a change of them asks in the channel', async () => {
    for (const name of ['node-1', 'node-2', 'node-3'])
      world.objects.put(
        { kind: 'Node', namespace: '', name },
        { status: { conditions: [{ type: 'Ready', status: 'True' }] } },
      );
    world.objects.put(
      { kind: 'HorizontalPodAutoscaler', namespace: 'shop', name: 'web' },
      { spec: { minReplicas: 1, maxReplicas: 3 } },
    );
    expect(await type('U_BEN', 'cordon node-9')).toContain('There is no Node `node-9`');
    expect(await type('U_BEN', 'autoscale web max=none')).toContain('autoscale <autoscaler> [min=…] [max=…] [cpu=…]');
    for (const words of ['cordon node-1', 'autoscale shop/web max=6']) await type('U_BEN', words);
    const proposals = await world.context.ops.proposals.recent(5);
    expect(proposals.map(({ plan, state }) => [plan.summary, state])).toEqual([
      ['Let HorizontalPodAutoscaler shop/web choose 1 to 6 replicas (now 1 to 3 replicas).', 'awaiting-approval'],
      ['Cordon Node node-1.', 'awaiting-approval'],
    ]);
    expect(world.objects.writes).toEqual([]);
  });

  it('audit tells who did what, to operators', async () => {
    expect(await type('U_BEN', 'audit checkout')).toContain('Nothing is on record about checkout.');
    const entry = { at: 1, what: 'approved', who: 'U_ANA', subject: 'Deployment shop/checkout', detail: 'Roll back' };
    await world.context.ops.audit.append(entry);
    for (const words of ['audit', 'audit checkout', 'audit shop/checkout', 'audit deployment/shop/checkout'])
      expect(await type('U_BEN', words)).toContain('*approved* by <@U_ANA>, Deployment shop/checkout: Roll back');
    expect(await type('U_BEN', 'audit cart')).toContain('Nothing is on record');
  });

  it('hygiene tells what should be tidied', async () => {
    expect(await type('U_ANA', 'hygiene')).toContain('*Requests are missing* (1)');
    expect(await type('U_ANA', 'hygiene shop')).toContain('nothing after it');
  });

  it('status says when the kill switch cannot be read', async () => {
    world.controls.lose();
    expect(await type('U_ANA', 'status')).toContain('cannot be read');
  });

  it('incidents lists what is open', async () => {
    expect(await type('U_ANA', 'incidents')).toContain('No incidents');
    const incident = await world.registry.observe(crashLoopOf(world.checkout));
    expect(await type('U_ANA', 'incidents')).toContain(incident.id);
  });

  it('why looks at the workload now and names the cause; markup of the cluster is inert', async () => {
    world.findings.set('shop/checkout', crashLoopOf(world.checkout));
    const incident = await world.registry.observe(crashLoopOf(world.checkout));
    for (const words of ['checkout', 'shop/checkout', 'deployment/shop/checkout', incident.id]) {
      const answer = await type('U_ANA', `why ${words}`);
      expect(answer).toContain('exits with code 1');
      expect(answer).toContain('shop:1.0.0');
      expect(answer).toContain(incident.id);
      expect(answer).not.toContain('<!channel>');
    }
  });

  it('why asks back where the name fits none or several', async () => {
    expect(await type('U_ANA', 'why till')).toMatch(/statefulset\/shop\/till|deployment\/pay\/till/);
    expect(await type('U_ANA', 'why <!here>')).toContain('There is no workload');
    await world.registry.observe(crashLoopOf(world.checkout));
    expect(await type('U_ANA', 'why chekout')).toContain('Did you mean `shop/checkout`?');
  });

  it('guardrails tells the policy, what is left of the budget, and each promise', async () => {
    await world.ops.ledger.record({ at: Date.now(), namespaces: ['shop'], subject: 'x', cause: 'y', executionId: 'e' });
    const answer = await type('U_ANA', 'guardrails');
    for (const words of [
      '*kill-switch*',
      'Kill switch: off',
      '9 of 10 (left in shop 2',
      '34 % of the nodes',
      'for a volume',
    ])
      expect(answer).toContain(words);
    world.controls.lose();
    expect(await type('U_ANA', 'guardrails')).toContain('counts as engaged');
  });

  it('guardrails judges every action that fits a workload, also one that needs to be told how much', async () => {
    const answer = await type('U_ANA', 'guardrails shop/checkout');
    expect(answer).toContain('a person decides');
    expect(answer).not.toContain('cannot be asked for like this');
    expect(answer).not.toContain('Drain node');
    expect(answer).toContain(
      '*Scale workload* `/kube scale shop/checkout &lt;replicas&gt;`\\n*When somebody asks and an approver agrees; Lifeguard does not begin it:*',
    );
    expect(answer).toContain('Only people ask for it.');
    expect(answer).toContain('The rollout of shop/checkout is not paused.');
    expect(await type('U_ANA', 'guardrails dns')).toContain(
      'Denied, whoever asks:* kube-system is a protected namespace',
    );
    expect(await world.registry.open()).toEqual([]);
    expect(world.workloads.writes).toEqual([]);
  });

  it('guardrails knows that an autoscaler sets the replicas, before anybody says how many', async () => {
    world.workloads.scaleBy(world.checkout, { name: 'checkout', min: 2, max: 9, shares: [] });
    expect(await type('U_ANA', 'guardrails shop/checkout')).toContain(
      'The autoscaler checkout sets its replicas (2 to 9)',
    );
  });

  it.each(['node-1', 'node/node-1', 'NO/node-1'])(
    'guardrails %s judges what a node can be asked for',
    async (words) => {
      world.objects.put({ kind: 'Node', namespace: '', name: 'node-1' }, { status: ready });
      const answer = await type('U_ANA', `guardrails ${words}`);
      expect(answer).toContain('Node node-1');
      expect(answer).toContain('No other node would be left in service.');
      expect(answer).not.toContain('Restart workload');
      expect(world.objects.writes).toEqual([]);
    },
  );

  it('guardrails finds CronJobs and autoscalers, and prefers workloads of the same name', async () => {
    world.objects.put({ kind: 'CronJob', namespace: 'shop', name: 'report' }, { spec: {} });
    world.objects.put({ kind: 'HorizontalPodAutoscaler', namespace: 'shop', name: 'checkout' }, { spec: {} });
    expect(await type('U_ANA', 'guardrails shop/report')).toContain('Suspend CronJob');
    expect(await type('U_ANA', 'guardrails hpa/shop/checkout')).toContain('Set autoscaler bounds');
    expect(await type('U_ANA', 'guardrails shop/checkout')).toContain('Restart workload');
    expect(await type('U_ANA', 'guardrails nothing')).toContain('There is no workload');
  });
});

describe('acting', () => {
  it('an action command makes a proposal that waits for approval, and changes nothing', async () => {
    const answer = await type('U_BEN', 'rollback shop/checkout');
    expect(answer).toContain('approver');
    const [incident] = await world.registry.open();
    const proposal = await world.ops.proposals.get(incident?.proposalIds[0] ?? '');
    expect(proposal).toMatchObject({ state: 'awaiting-approval', origin: { surface: 'slash', user: 'U_BEN' } });
    expect(proposal?.plan.target).toEqual(world.checkout);
    expect(world.executed).toEqual([]);
    expect(world.workloads.writes).toEqual([]);
  });

  it('takes the revision, and says how to type it where it is no number', async () => {
    expect(await type('U_BEN', 'rollback shop/checkout 1')).toContain('revision 1');
    expect(await type('U_BEN', 'rollback shop/checkout one')).toContain('rollback <workload> [revision]');
    expect(await type('U_BEN', 'rollback')).toContain('rollback <workload> [revision]');
    expect(await type('U_BEN', 'restart shop/checkout now please')).toContain('restart <workload>');
  });

  it('is refused where a guardrail denies it, with the reason, the audit, and no thread', async () => {
    expect(await type('U_BEN', 'restart dns')).toContain('kube-system');
    expect(world.audit).toContainEqual(expect.objectContaining({ what: 'denied', who: 'U_BEN' }));
    expect(await world.registry.open()).toEqual([]);
  });

  it('is refused where there is nothing to do', async () => {
    expect(await type('U_BEN', 'rollback pay/till')).toContain('nothing to roll back to');
    expect(await world.registry.open()).toEqual([]);
  });

  it('somebody without the role is told which one it takes and who has it, and the attempt is audited', async () => {
    const answer = await type('U_ANA', 'pause');
    expect(answer).toContain('needs the admin role');
    expect(answer).toContain('<@U_CHI>');
    expect(await world.controls.killSwitch()).toEqual({ engaged: false });
    expect(world.audit).toContainEqual(expect.objectContaining({ what: 'unauthorised', who: 'U_ANA' }));
  });

  it('pause stops everybody until resume', async () => {
    expect(await type('U_CHI', 'pause "freeze for the release"')).toContain('freeze for the release');
    expect(await world.controls.killSwitch()).toMatchObject({ engaged: true, reason: 'freeze for the release' });
    expect(await type('U_BEN', 'restart shop/checkout')).toContain('paused');
    expect(await type('U_ANA', 'status')).toContain('freeze for the release');
    await type('U_CHI', 'resume');
    expect(await type('U_BEN', 'restart shop/checkout')).toContain('Proposed');
    expect(world.audit.map((entry) => entry.what)).toEqual(['paused', 'denied', 'resumed', 'proposed']);
  });

  it('twenty-one commands in a minute are one too many', async () => {
    for (let index = 0; index < 20; index += 1) await type('U_ANA', 'incidents');
    expect(await type('U_ANA', 'incidents')).toContain('try again in');
    expect(await type('U_BEN', 'incidents')).toContain('No incidents');
  });
});

describe('people from elsewhere', () => {
  it.each([
    ['a guest', 'U_GUS', 'guests'],
    ['somebody of another organisation', 'U_EVE', 'other organisations'],
  ])('%s is refused', async (_who, user, words) => {
    expect(await type(user, 'status')).toContain(words);
    expect(world.audit).toContainEqual(expect.objectContaining({ what: 'unauthorised', who: user }));
  });
});
