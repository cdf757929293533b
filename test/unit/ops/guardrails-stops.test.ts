import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/core/action.ts';
import type { Verdict } from '../../../src/core/verdict.ts';
import type { Case, Guardrail } from '../../../src/ops/guardrail.ts';
import { autoscaled } from '../../../src/ops/guardrails/autoscaled.ts';
import { bounds } from '../../../src/ops/guardrails/bounds.ts';
import { disruptionBudgets } from '../../../src/ops/guardrails/disruption-budgets.ts';
import { fight } from '../../../src/ops/guardrails/fight.ts';
import { freeze } from '../../../src/ops/guardrails/freeze.ts';
import { memoryRaises } from '../../../src/ops/guardrails/memory-raises.ts';
import { nodes } from '../../../src/ops/guardrails/nodes.ts';
import { ownership } from '../../../src/ops/guardrails/ownership.ts';
import { storm } from '../../../src/ops/guardrails/storm.ts';
import { aCase, calm, plan } from '../../support/guardrail-case.ts';
import { minutes, now } from '../../support/views.ts';

function answer(rail: Guardrail, overrides: Partial<Case> = {}): Verdict['answer'] {
  return rail.judge(aCase(overrides)).answer;
}

describe('what nobody gets past', () => {
  const asking = (asks: NonNullable<Plan['asks']>) => ({ plan: { ...plan, asks } });

  it.each([
    ['more replicas', { replicas: 11 }],
    ['more CPU', { cpu: 4.1 }],
    ['more memory', { memory: 2 ** 32 + 1 }],
    ['what is not a number', { memory: Number.NaN }],
  ])('are the bounds: %s, whoever asks', (_case, asks) => {
    for (const surface of ['auto', 'slash'] as const)
      expect(answer(bounds, { ...asking(asks), origin: { surface } })).toBe('deny');
  });

  it('are no hindrance within them', () => {
    expect(answer(bounds, asking({ replicas: 10, cpu: 4, memory: 2 ** 32 }))).toBe('allow');
    expect(answer(bounds)).toBe('allow');
  });
});

describe('what stops Lifeguard, and asks a person', () => {
  const hpa = { known: { name: 'checkout', min: 2, max: 5, shares: ['cpu' as const] } };
  const sizing = { plan: { ...plan, asks: { cpu: 1, memory: 1 }, requests: ['cpu' as const] } };
  const scaling = { plan: { ...plan, asks: { replicas: 3 } } };

  it.each<[string, Guardrail, Partial<Case>, Verdict['answer'], Verdict['answer'], string]>([
    [
      'a freeze',
      freeze,
      { freeze: { until: now + minutes, reason: 'Black Friday' } },
      'deny',
      'needs-approval',
      'Black Friday',
    ],
    ['too much that is broken', storm, { openIncidents: { known: 6 } }, 'deny', 'allow', '6 incidents are open'],
    [
      'an autoscaler',
      autoscaled,
      { ...scaling, autoscaler: hpa },
      'deny',
      'needs-approval',
      'checkout sets its replicas (2 to 5)',
    ],
    [
      'an autoscaler that reckons with the request',
      autoscaled,
      { ...sizing, autoscaler: hpa },
      'deny',
      'needs-approval',
      'share of the requested cpu',
    ],
    [
      'an autoscaler of requests',
      autoscaled,
      { ...sizing, verticalAutoscaler: { known: { name: 'sizer', mode: 'Recreate' } } },
      'deny',
      'needs-approval',
      'The VerticalPodAutoscaler sizer (Recreate) sets its requests',
    ],
    [
      'an autoscaler of requests that cannot be read',
      autoscaled,
      { ...sizing, verticalAutoscaler: { unreadable: 'forbidden' } },
      'needs-approval',
      'needs-approval',
      'cannot be read (forbidden)',
    ],
    [
      'a disruption budget',
      disruptionBudgets,
      { plan: { ...plan, asks: { pods: 2 } }, podBudget: { known: { name: 'web', allowed: 1 } } },
      'deny',
      'needs-approval',
      'web allows 1 ready pods to go now; this takes 2',
    ],
    [
      'somebody who put it back',
      fight,
      { reverted: { known: { at: now, summary: 'Scale it' } } },
      'deny',
      'needs-approval',
      'Scale it',
    ],
    [
      'a leak',
      memoryRaises,
      {
        actionId: 'set-resources',
        workload: { known: { ...calm, annotations: { 'lifeguard.dev/memory-raises': '2' } } },
      },
      'deny',
      'allow',
      'raised 2 times',
    ],
    [
      'a count that is no number',
      memoryRaises,
      {
        actionId: 'set-resources',
        workload: { known: { ...calm, annotations: { 'lifeguard.dev/memory-raises': 'x' } } },
      },
      'needs-approval',
      'allow',
      'not a number',
    ],
  ])('is %s', (_case, rail, overrides, alone, asked, words) => {
    const verdict = rail.judge(aCase(overrides));
    expect(verdict.answer).toBe(alone);
    expect(verdict.reason).toContain(words);
    expect(rail.judge(aCase({ ...overrides, origin: { surface: 'slash', user: 'U1' } })).answer).toBe(asked);
  });

  it.each<[string, Case['nodes'], Verdict['answer'], Verdict['answer'], string]>([
    ['one of four', { known: { total: 4, out: 0, busy: undefined } }, 'allow', 'allow', '1 of 4 nodes'],
    ['one more of four', { known: { total: 4, out: 1, busy: undefined } }, 'deny', 'needs-approval', '2 of 4 nodes'],
    [
      'one more of many where most are out',
      { known: { total: 8, out: 4, busy: undefined } },
      'deny',
      'deny',
      '5 of 8 nodes would be out of service: that is an outage',
    ],
    [
      'three of four are out already',
      { known: { total: 4, out: 3, busy: undefined } },
      'deny',
      'deny',
      'No other node',
    ],
    [
      'another is being drained',
      { known: { total: 9, out: 0, busy: 'n2' } },
      'deny',
      'deny',
      'Node n2 is being worked',
    ],
  ])('is a node taken out of service: %s', (_case, fact, alone, asked, words) => {
    const taking = { plan: { ...plan, asks: { nodes: 1 } }, nodes: fact };
    expect(nodes.judge(aCase(taking))).toMatchObject({ answer: alone, reason: expect.stringContaining(words) });
    expect(answer(nodes, { ...taking, origin: { surface: 'slash', user: 'U1' } })).toBe(asked);
  });

  it('is no autoscaler that neither sets nor reckons with what is changed', () => {
    const vertical = { verticalAutoscaler: { known: { name: 'sizer', mode: 'Recreate' } } };
    expect(answer(autoscaled, { ...vertical, autoscaler: hpa })).toBe('allow');
    const limits = { plan: { ...plan, asks: { cpu: 1, memory: 1 }, requests: ['memory' as const] } };
    expect(answer(autoscaled, { ...limits, autoscaler: hpa })).toBe('allow');
  });

  it('is whatever it would need to know and cannot read', () => {
    const unreadable = { unreadable: 'gone' };
    const blind = {
      plan: { ...plan, asks: { replicas: 3, pods: 1, nodes: 1 } },
      podBudget: unreadable,
      nodes: unreadable,
      openIncidents: unreadable,
      autoscaler: unreadable,
      workload: unreadable,
      holder: unreadable,
      reverted: unreadable,
      actionId: 'set-resources',
    };
    for (const rail of [storm, nodes, disruptionBudgets, autoscaled, ownership, fight, memoryRaises])
      expect(answer(rail, blind)).not.toBe('allow');
  });
});
