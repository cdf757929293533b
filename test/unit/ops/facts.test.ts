import { describe, expect, it } from 'vitest';
import { submit } from '../../../src/ops/submit.ts';
import { createDeskWorld } from '../../support/desk.ts';

/** A workload of one container, and Lifeguard's own wish to give it more memory. */
function open() {
  const world = createDeskWorld({ policy: { autonomy: 'auto' } });
  const resources = { limits: { memory: '64Mi' }, requests: { memory: '32Mi', cpu: '100m' } };
  const template = { spec: { containers: [{ name: 'app', image: 'ledger:1', resources }] } };
  const ledger = world.workloads.put({
    ref: { kind: 'Deployment', namespace: 'shop', name: 'ledger' },
    templates: [template],
  });
  async function ask(changes: Readonly<Record<string, string>>, surface: 'auto' | 'slash' = 'auto') {
    const params = { target: { ...ledger }, ...changes };
    const request = { incidentId: 'inc-1', actionId: 'set-resources', params, reason: 'test' };
    const submission = await submit({ ...request, origin: { surface } }, world.ops);
    if ('refused' in submission) return submission.refused;
    const asked = submission.proposal.rulings.filter(({ verdict }) => verdict.answer === 'needs-approval');
    return asked.map(({ verdict }) => verdict.reason).join(' ') || submission.proposal.state;
  }
  return { ...world, ledger, ask };
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
