import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/core/action.ts';
import type { Verdict } from '../../../src/core/verdict.ts';
import type { Case } from '../../../src/ops/guardrail.ts';
import { annotations } from '../../../src/ops/guardrails/annotations.ts';
import { guardrails } from '../../../src/ops/guardrails/index.ts';
import { ruleOn } from '../../../src/ops/judge.ts';
import { submit } from '../../../src/ops/submit.ts';
import { createDeskWorld } from '../../support/desk.ts';
import { aCase, calm, plan } from '../../support/guardrail-case.ts';

const asking = (asks: NonNullable<Plan['asks']>) => ({ plan: { ...plan, asks } });
const byPerson = { origin: { surface: 'slash', user: 'U1' } } as const;

function annotated(name: string, value: string): Pick<Case, 'holder'> {
  return { holder: { known: { labels: {}, annotations: { [`lifeguard.dev/${name}`]: value } } } };
}

describe.each<[string, string, Partial<Case>, Verdict['answer'], Verdict['answer']]>([
  ['protected', 'true', {}, 'deny', 'deny'],
  ['protected', 'false', {}, 'allow', 'allow'],
  ['protected', 'yes please', {}, 'deny', 'deny'],
  ['autonomy', 'observe', {}, 'deny', 'deny'],
  ['autonomy', 'suggest', {}, 'needs-approval', 'allow'],
  ['autonomy', 'approve', {}, 'needs-approval', 'allow'],
  ['autonomy', 'auto', {}, 'allow', 'allow'],
  ['autonomy', 'Auto!', {}, 'needs-approval', 'needs-approval'],
  ['actions', 'restart-workload, rollback-workload', {}, 'allow', 'allow'],
  ['actions', 'restart-workload', {}, 'deny', 'deny'],
  ['actions', '', {}, 'deny', 'deny'],
  ['max-replicas', '5', asking({ replicas: 5 }), 'allow', 'allow'],
  ['max-replicas', '5', asking({ replicas: 6 }), 'deny', 'deny'],
  ['max-replicas', '5', asking({ replicas: Number.NaN }), 'deny', 'deny'],
  ['max-replicas', '5', {}, 'allow', 'allow'],
  ['max-replicas', 'five', asking({ replicas: 1 }), 'needs-approval', 'needs-approval'],
  ['max-memory', '1Gi', asking({ memory: 2 ** 30 }), 'allow', 'allow'],
  ['max-memory', '1Gi', asking({ memory: 2 ** 30 + 1 }), 'deny', 'deny'],
  ['max-memory', '-1Gi', asking({ memory: 1 }), 'needs-approval', 'needs-approval'],
  ['max-cpu', '500m', asking({ cpu: 0.6 }), 'deny', 'deny'],
  ['max-cpu', '500m', asking({ memory: 2 ** 40 }), 'allow', 'allow'],
  ['last-write', 'anything', {}, 'allow', 'allow'],
])('lifeguard.dev/%s: "%s"', (name, value, overrides, alone, asked) => {
  it(`${alone} for Lifeguard, ${asked} for a person`, () => {
    const question = { ...annotated(name, value), ...overrides };
    expect(annotations.judge(aCase(question)).answer).toBe(alone);
    expect(annotations.judge(aCase({ ...question, ...byPerson })).answer).toBe(asked);
  });
});

describe('annotations', () => {
  it('are named in the reason, with what cannot be understood', () => {
    expect(annotations.judge(aCase(annotated('max-cpu', 'much'))).reason).toMatch(/nothing against it/);
    const { reason } = annotations.judge(aCase({ ...annotated('max-cpu', 'much'), ...asking({ cpu: 1 }) }));
    expect(reason).toBe('It cannot be understood, so a person decides: "much". (annotation lifeguard.dev/max-cpu)');
  });

  it('that cannot be read ask a person, whoever wants it', () => {
    for (const hole of [{ holder: { unreadable: 'x' } }, { affected: { unreadable: 'x' } }])
      for (const origin of [{ surface: 'auto' }, byPerson.origin] as const)
        expect(annotations.judge(aCase({ ...hole, origin })).answer).toBe('needs-approval');
  });

  it('of a workload whose pods are moved or deleted count, as far as they protect', () => {
    const of = (name: string, value: string) => ({
      affected: { known: [calm, { ...calm, annotations: { [`lifeguard.dev/${name}`]: value } }] },
    });
    expect(annotations.judge(aCase(of('protected', 'true'))).answer).toBe('deny');
    expect(annotations.judge(aCase(of('autonomy', 'suggest'))).answer).toBe('needs-approval');
    expect(annotations.judge(aCase(of('actions', 'restart-workload'))).answer).toBe('allow');
  });
});

describe('an action on the cluster', () => {
  async function ask(
    actionId: string,
    target: { readonly kind: string; readonly namespace: string; readonly name: string },
  ) {
    const world = createDeskWorld();
    const template = { spec: { containers: [{ name: 'app', image: 'ledger:1' }] } };
    const annotations = { 'lifeguard.dev/protected': 'true' };
    const ledger = world.workloads.put({ ref: ledgerRef, templates: [template], annotations });
    world.objects.put(
      { kind: 'Pod', namespace: 'shop', name: 'ledger-1' },
      { owner: { ...ledger, kind: 'Deployment' }, spec: { nodeName: 'node-1' } },
    );
    const request = { incidentId: 'inc-1', actionId, params: { target: { ...target } }, reason: 'test' };
    const submission = await submit({ ...request, origin: byPerson.origin }, world.ops);
    expect([world.workloads.writes, world.objects.writes]).toEqual([[], []]);
    return submission;
  }
  const ledgerRef = { kind: 'Deployment', namespace: 'shop', name: 'ledger' } as const;
  const refusal = { by: 'guardrail', refused: expect.stringContaining('protected, whoever asks') };

  it('reads the annotations of its target, and of the workload whose pod it deletes', async () => {
    expect(await ask('restart-workload', ledgerRef)).toMatchObject(refusal);
    expect(await ask('delete-pod', { kind: 'Pod', namespace: 'shop', name: 'ledger-1' })).toMatchObject(refusal);
  });
});

const order = { allow: 0, 'needs-approval': 1, deny: 2 } as const;
const names = ['autonomy', 'max-replicas', 'max-memory', 'max-cpu', 'actions', 'protected', 'memory-raises', 'other'];
const value = fc.oneof(
  fc.constantFrom('true', 'false', 'auto', 'observe', 'suggest', '*', '99', '1Gi', '-1', '1e400', 'NaN', ''),
  fc.string(),
);
const holders = fc
  .dictionary(fc.constantFrom(...names), value)
  .map((found) => Object.fromEntries(Object.entries(found).map(([name, text]) => [`lifeguard.dev/${name}`, text])))
  .map((found) => ({ ...calm, annotations: found }));

it('whatever they say, the verdict is never laxer than without them', () => {
  const asks = fc.record({ replicas: fc.nat(20), cpu: fc.nat(8), memory: fc.nat(2 ** 31) }, { requiredKeys: [] });
  const surfaces = fc.constantFrom('auto', 'ai', 'slash', 'button' as const);
  const actionIds = fc.constantFrom('restart-workload', 'set-resources', 'scale-workload');
  const risks = fc.constantFrom('low', 'medium', 'high' as const);
  fc.assert(
    fc.property(holders, asks, surfaces, actionIds, risks, (holder, asked, surface, actionId, risk) => {
      const question = { plan: { ...plan, asks: asked, risk }, origin: { surface }, actionId };
      const without = ruleOn(aCase(question), guardrails).verdict.answer;
      const facts = { workload: { known: holder }, holder: { known: holder }, affected: { known: [holder] } };
      const withThem = ruleOn(aCase({ ...question, ...facts }), guardrails).verdict.answer;
      return order[withThem] >= order[without];
    }),
  );
});
