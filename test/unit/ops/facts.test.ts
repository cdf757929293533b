import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/json.ts';
import { submit } from '../../../src/ops/submit.ts';
import { createDeskWorld } from '../../support/desk.ts';

const ready = { conditions: [{ type: 'Ready', status: 'True' }] };

/** A workload of one container on a node of 1 GiB, and Lifeguard's own wish to give it more memory. */
function open() {
  const world = createDeskWorld({ policy: { autonomy: 'auto' } });
  const resources = { limits: { memory: '64Mi' }, requests: { memory: '32Mi', cpu: '100m' } };
  const template = { spec: { containers: [{ name: 'app', image: 'ledger:1', resources }] } };
  const ledger = world.workloads.put({
    ref: { kind: 'Deployment', namespace: 'shop', name: 'ledger' },
    templates: [template],
  });
  const put = (name: string, memory: string, spec: JsonObject = {}) =>
    world.objects.put(
      { kind: 'Node', namespace: '', name },
      { spec, status: { ...ready, allocatable: { cpu: '2', memory } } },
    );
  put('node-1', '1Gi');
  async function ask(changes: Readonly<Record<string, string>>, surface: 'auto' | 'slash' = 'auto') {
    const params = { target: { ...ledger }, ...changes };
    const request = { incidentId: 'inc-1', actionId: 'set-resources', params, reason: 'test' };
    const submission = await submit({ ...request, origin: { surface } }, world.ops);
    if ('refused' in submission) return submission.refused;
    const asked = submission.proposal.rulings.filter(({ verdict }) => verdict.answer === 'needs-approval');
    return asked.map(({ verdict }) => verdict.reason).join(' ') || submission.proposal.state;
  }
  return { ...world, ledger, ask, put };
}

describe('what sets or reckons with requests', () => {
  it('is looked up in the cluster: a VerticalPodAutoscaler', async () => {
    const { workloads, ledger, ask } = open();
    workloads.sizeBy(ledger, { name: 'sizer', mode: 'Off' });
    expect(await ask({ memory: '96Mi' })).toBe('approved');
    workloads.sizeBy(ledger, { name: 'sizer', mode: 'Recreate' });
    expect(await ask({ memory: '96Mi' })).toContain('The VerticalPodAutoscaler sizer (Recreate)');
    expect(await ask({ memory: '96Mi' }, 'slash')).toContain('The VerticalPodAutoscaler sizer (Recreate)');
  });

  it('is looked up in the cluster: an autoscaler, as far as the request changes', async () => {
    const { workloads, ledger, ask } = open();
    workloads.scaleBy(ledger, { name: 'scaler', min: 1, max: 4, shares: ['cpu', 'memory'] });
    expect(await ask({ memory: '96Mi' })).toBe('approved');
    expect(await ask({ memory: '96Mi', memoryRequest: '48Mi' })).toContain('share of the requested memory');
    expect(await ask({ cpuRequest: '200m' }, 'slash')).toContain('share of the requested cpu');
  });

  it('is a limit where nothing is requested', async () => {
    const { workloads, ledger, ask } = open();
    workloads.scaleBy(ledger, { name: 'scaler', min: 1, max: 4, shares: ['memory'] });
    workloads.interfere(ledger, [{ op: 'remove', path: '/spec/template/spec/containers/0/resources/requests/memory' }]);
    expect(await ask({ memory: '96Mi' })).toContain('share of the requested memory');
  });
});

describe('what the nodes have', () => {
  const podOn = (node: string, memory: string, phase = 'Running') => ({
    spec: { nodeName: node, containers: [{ resources: { requests: { memory } } }, {}] },
    status: { phase },
  });
  const pod = (name: string) => ({ kind: 'Pod', namespace: 'other', name });

  it('is what is left of a node in service, pods that have ended not counted', async () => {
    const { objects, ask } = open();
    objects.put(pod('ended'), podOn('node-1', '1Gi', 'Succeeded'));
    expect(await ask({ memory: '96Mi' })).toBe('approved');
    objects.put(pod('big'), podOn('node-1', '950Mi'));
    expect(await ask({ memory: '96Mi' })).toContain('None of the nodes in service has as much left now');
    expect(await ask({ memory: '96Mi' }, 'slash')).toContain('None of the nodes in service has as much left now');
  });

  it('is never more than the largest node, whoever asks', async () => {
    const { ask } = open();
    expect(await ask({ memory: '1025Mi' })).toContain('No node is large enough');
    expect(await ask({ memory: '1025Mi' }, 'slash')).toContain('No node is large enough');
    expect(await ask({ cpu: '3' }, 'slash')).toContain('No node is large enough');
  });

  it('is not what a node has that takes no pods', async () => {
    const { put, ask } = open();
    const taints = [{ key: 'gpu', effect: 'NoSchedule' }];
    put('node-2', '4Gi', { unschedulable: true });
    put('node-3', '4Gi', { taints });
    expect(await ask({ memory: '2Gi' }, 'slash')).toContain('None of the nodes in service');
    put('node-4', '4Gi');
    expect(await ask({ memory: '2Gi' }, 'slash')).not.toContain('nodes in service');
  });

  it('is not needed of a node that says nothing yet, which may still turn out to be large', async () => {
    const { put, ask } = open();
    put('node-2', 'lots');
    expect(await ask({ memory: '96Mi' })).toBe('approved');
    expect(await ask({ memory: '2Gi' }, 'slash')).toContain('None of the nodes in service');
    put('node-1', 'lots');
    expect(await ask({ memory: '96Mi' })).toContain('no node says what it can give');
  });

  it('does not matter for what asks for none of it', async () => {
    const { objects, ledger, ops } = open();
    objects.list = () => Promise.reject(new Error('nodes are not read'));
    const params = { target: { ...ledger } };
    const request = { incidentId: 'inc-1', actionId: 'restart-workload', params, reason: 'test' };
    expect(await submit({ ...request, origin: { surface: 'auto' } }, ops)).toMatchObject({
      proposal: { state: 'approved' },
    });
  });
});
