import { describe, expect, it } from 'vitest';
import { playStream } from '../support/stream-player.ts';
import { faults } from './cases/index.ts';

/** What the incident of a recorded fault tells people to do, where what its kind calls for would be the wrong thing. */
const expected: Readonly<Record<string, RegExp>> = {
  'crash-no-binary': /^Correct command and args/,
  'liveness-port': /^Compare the port of the probe/,
  'service-not-ready': /^Correct the path of the probe/,
  'ephemeral-eviction': /^See what it writes there/,
  'image-never': /^Load the image onto the node/,
  'image-name': /^Correct the name of the image/,
  'service-account': /^Create ServiceAccount rec-service-account\/gone/,
  'node-selector': /^Correct the node selector/,
  'claim-missing': /^See why PersistentVolumeClaim rec-claim-missing\/gone is missing/,
  'too-big': /^Make room or ask for less/,
  quota: /^Ask for less of what is full .* or have ResourceQuota rec-quota\/app raised/,
  'pod-security': /^Give the pod template the securityContext/,
  'job-deadline': /raise its activeDeadlineSeconds/,
  'ingress-no-port': /^Correct name or port in the Ingress/,
};

it('names the labels that the pod wants its node to have', async () => {
  const fault = faults.find(({ id }) => id === 'node-selector');
  const { incidents } = fault === undefined ? { incidents: [] } : await playStream(fault);
  expect(incidents[0]?.cause).toMatch(/Its node selector asks for \S+=\S+\./);
});

describe.each(Object.entries(expected))('the next step of %s', (id, step) => {
  it('fits its cause', async () => {
    const fault = faults.find((one) => one.id === id);
    const { incidents } = fault === undefined ? { incidents: [] } : await playStream(fault);
    expect(incidents[0]?.finding?.next).toMatch(step);
  });
});
