import { describe, expect, it } from 'vitest';
import { findRoots } from '../../../src/analysis/correlation/correlate.ts';
import { volumeNearlyFull } from '../../../src/analysis/detectors/volume-nearly-full.ts';
import type { Finding } from '../../../src/core/finding.ts';
import { findingKey } from '../../../src/core/finding.ts';
import type { VolumeClaimView } from '../../../src/core/views/capacity.ts';
import type { RoomView, VolumeUsageView } from '../../../src/core/views/volume-usage.ts';
import { aFinding } from '../../support/builders.ts';
import { aVolumeClaim } from '../../support/capacity-views.ts';
import { aPod, checkout, now, viewOf } from '../../support/views.ts';

const GiB = 2 ** 30;
const detector = volumeNearlyFull.configure({});
const subject = { kind: 'PersistentVolumeClaim', namespace: 'shop', name: 'data', uid: 'uid-claim' };

function usageOf(bytes: RoomView, inodes?: RoomView): VolumeUsageView {
  const rest = inodes === undefined ? {} : { inodes };
  return { uid: 'u', namespace: 'shop', name: 'data', createdAt: now, bytes, ...rest };
}

function worldOf(usage: VolumeUsageView, claim: Partial<VolumeClaimView> = {}) {
  return viewOf({
    volumeClaim: [aVolumeClaim({ phase: 'Bound', ...claim })],
    volumeUsage: [usage],
    pod: [aPod({ claims: ['data'] })],
  });
}

function judge(usage: VolumeUsageView, claim: Partial<VolumeClaimView> = {}) {
  return detector.evaluate({ subject, view: worldOf(usage, claim), now }).findings;
}

const bytes = (percent: number, shrinking?: number): RoomView => ({
  capacity: 100 * GiB,
  available: percent * GiB,
  ...(shrinking === undefined ? {} : { shrinking }),
});

describe('a volume that is nearly full', () => {
  it('is told with what is left, for how long, and who writes to it', () => {
    const [finding] = judge(usageOf(bytes(10, (10 * GiB) / (24 * 3600))));
    expect(finding).toMatchObject({ kind: 'volume-nearly-full', severity: 'warning' });
    expect(finding?.cause).toBe(
      '10 GiB of 100 GiB are left (10.0 %).\nIt loses 427 MiB an hour, so it is full in about 24 h.',
    );
    expect(finding?.impact).toBe('shop/checkout cannot write once it is full');
  });

  it('is critical when next to nothing is left, whether it shrinks or not', () => {
    expect(judge(usageOf(bytes(2)))[0]).toMatchObject({ severity: 'critical', kind: 'volume-nearly-full' });
    expect(judge(usageOf(bytes(2)))[0]?.cause).toContain('It does not fill up further.');
  });

  it('is told of its inodes too', () => {
    const findings = judge(usageOf(bytes(50), { capacity: 1000, available: 20, shrinking: 0.1 }));
    expect(findings.map(({ kind }) => kind)).toEqual(['volume-inodes']);
    expect(findings[0]?.cause).toContain('20 inodes of 1000 inodes are left (2.0 %).');
  });

  it.each([
    ['with room', bytes(40, GiB), {}],
    ['that has been this full for long', bytes(10, 0), {}],
    ['that empties itself', bytes(10, -GiB), {}],
    ['that fills up too slowly to matter', bytes(14, 1), {}],
    ['of which the trend is not known', bytes(10), {}],
    ['that nobody may write to', bytes(0), { readOnly: true }],
  ])('is not said of one %s', (_case, room, claim) => {
    expect(judge(usageOf(room), claim)).toEqual([]);
  });

  it('is not said where nobody measures', () => {
    expect(detector.evaluate({ subject, view: viewOf({ volumeClaim: [aVolumeClaim()] }), now }).findings).toEqual([]);
  });

  it('explains the crash of what writes to it', () => {
    const usage = usageOf(bytes(0));
    const [full] = judge(usage);
    if (full === undefined) throw new Error('no finding');
    const crash: Finding = { ...aFinding(), subject: checkout, since: now - 60_000 };
    const root = findRoots([crash, full], worldOf(usage)).get(findingKey(crash));
    expect(root?.finding).toBe(full);
    expect(root?.because).toBe('its pods write to PersistentVolumeClaim shop/data, 60 s apart');
    const filling = { ...full, severity: 'warning' as const };
    expect(findRoots([crash, filling], worldOf(usage)).get(findingKey(crash))?.finding).toBe(crash);
  });
});
