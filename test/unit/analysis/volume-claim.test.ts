import { describe, expect, it } from 'vitest';
import { volumeClaim } from '../../../src/analysis/detectors/volume-claim.ts';
import type { VolumeClaimView } from '../../../src/core/views/capacity.ts';
import type { ClassView } from '../../../src/core/views/network.ts';
import { aStorageClass, aVolumeClaim } from '../../support/capacity-views.ts';
import { anEvent, minutes, now, seconds, type ViewParts, viewOf } from '../../support/views.ts';

const detector = volumeClaim.configure({});
const subject = { kind: 'PersistentVolumeClaim', namespace: 'shop', name: 'data', uid: 'uid-claim' };

function judge(claim: Partial<VolumeClaimView>, parts: ViewParts = { storageClass: [aStorageClass()] }) {
  return detector.evaluate({ subject, view: viewOf({ volumeClaim: [aVolumeClaim(claim)], ...parts }), now });
}

const lazy = aStorageClass({ bindingMode: 'WaitForFirstConsumer' });

describe('fires', () => {
  it.each<[string, Partial<VolumeClaimView>, readonly ClassView[], string]>([
    ['of a class that does not exist', { storageClass: 'fats' }, [lazy], 'class fats does not exist. There are: fast.'],
    ['without any class', { storageClass: undefined }, [], 'none is the default. There is no storage class at all.'],
    ['that wants a volume made by hand', { storageClass: '' }, [], 'a volume made by hand, and none fits'],
    ['that names its volume', { storageClass: '', volume: 'disk-7' }, [], 'It wants volume disk-7'],
    [
      'of an idle provisioner',
      {},
      [aStorageClass()],
      'disks.example.com of storage class fast has not made its volume',
    ],
    ['whose pod has a node', { selectedNode: 'node-1' }, [lazy], 'has not made its volume'],
    ['of local disks', {}, [aStorageClass({ controller: 'kubernetes.io/no-provisioner' })], 'are made by hand'],
  ])('on a claim %s', (_case, claim, storageClass, words) => {
    const [finding] = judge(claim, { storageClass }).findings;
    expect(finding).toMatchObject({ kind: 'volume-claim-pending', severity: 'warning', since: now - 10 * minutes });
    expect(finding?.cause).toContain(words);
  });

  it('with the words of the provisioner, and names the missing class', () => {
    const note = 'storageclass.storage.k8s.io "fats" not found';
    const event = anEvent({ regarding: subject, reason: 'ProvisioningFailed', note });
    const [finding] = judge({ storageClass: 'fats' }, { storageClass: [], event: [event] }).findings;
    expect(finding?.cause).toContain(`Kubernetes says: ${note} (ProvisioningFailed).`);
    expect(finding?.about).toEqual([{ kind: 'StorageClass', namespace: '', name: 'fats' }]);
  });

  it.each<[string, Partial<VolumeClaimView>, readonly ClassView[], RegExp]>([
    [
      'without a default class',
      { storageClass: undefined },
      [aStorageClass()],
      /one of the storage classes the default/,
    ],
    ['of a missing class', { storageClass: 'fats' }, [aStorageClass()], /anew with a storage class that there is/],
    ['made by hand', { storageClass: '' }, [], /^Create a PersistentVolume/],
    ['that names its volume', { storageClass: '', volume: 'disk-7' }, [], /who has it/],
    ['of an idle provisioner', {}, [aStorageClass()], /provisioner does not make a volume/],
  ])('and says what to do about a claim %s', (_case, claim, storageClass, step) => {
    expect(judge(claim, { storageClass }).findings[0]?.step).toMatch(step);
  });

  it('at once on a claim whose volume is gone', () => {
    const event = anEvent({ regarding: subject, reason: 'ClaimLost', note: 'Data on the volume is lost!' });
    const [finding] = judge({ phase: 'Lost', volume: 'disk-7' }, { event: [event] }).findings;
    expect(finding).toMatchObject({ kind: 'volume-claim-lost', severity: 'critical', since: event.createdAt });
    expect(finding?.cause).toContain('Volume disk-7, which it was bound to, does not exist any more');
    expect(judge({ phase: 'Lost' }).findings[0]?.since).toBe(now - 10 * minutes);
  });
});

describe('stays silent', () => {
  it('on a claim that has just been made, and looks again', () => {
    const judged = judge({ createdAt: now - 20 * seconds });
    expect(judged).toEqual({ findings: [], recheckAt: now + 40 * seconds });
  });

  it.each<[string, Partial<VolumeClaimView>, ViewParts]>([
    ['that waits for its first pod', {}, { storageClass: [lazy] }],
    ['whose class may not be read', { storageClass: 'fats' }, {}],
    [
      'that the default class serves',
      { storageClass: undefined },
      { storageClass: [aStorageClass({ isDefault: true })] },
    ],
    ['that is bound', { phase: 'Bound', storageClass: 'fats' }, { storageClass: [] }],
    ['that is being deleted', { phase: 'Lost', deletion: { since: now, finalizers: [] } }, {}],
  ])('on a claim %s', (_case, claim, parts) => {
    expect(judge(claim, parts).findings).toEqual([]);
  });
});
