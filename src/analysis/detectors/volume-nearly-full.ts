import { z } from 'zod';
import { isWorkloadRef, type ResourceRef, refName } from '../../core/resource-ref.ts';
import type { ClusterView } from '../../core/view.ts';
import type { VolumeClaimView } from '../../core/views/capacity.ts';
import type { RoomView } from '../../core/views/volume-usage.ts';
import { defineDetector } from '../detector.ts';
import { formatBytes } from '../explain/bytes.ts';
import { findingOfObject } from '../object-finding.ts';

/** What KubePersistentVolumeFillingUp and KubePersistentVolumeInodesFillingUp of kubernetes-mixin alert on. */
const VolumeNearlyFullParams = z.strictObject({
  /** So little left counts whether it shrinks or not, percent. */
  criticalPercent: z.number().nonnegative().max(100).default(3),
  /** So little left counts where it will be used up within `withinDays`, percent. */
  percent: z.number().nonnegative().max(100).default(15),
  withinDays: z.number().positive().default(4),
});
type VolumeNearlyFullParams = z.infer<typeof VolumeNearlyFullParams>;

const titles = {
  'volume-nearly-full': 'volume is nearly full',
  'volume-inodes': 'volume has few inodes left',
} as const;

interface Room extends RoomView {
  readonly kind: keyof typeof titles;
  readonly describe: (amount: number) => string;
}

/** Volumes that are full, or will be soon if they fill as they did. */
export const volumeNearlyFull = defineDetector({
  id: 'volume-nearly-full',
  judges: ['PersistentVolumeClaim'],
  kinds: titles,
  params: VolumeNearlyFullParams,
  evaluate({ subject, view }, params) {
    const { namespace, name } = subject;
    const claim = view.find('volumeClaim', namespace, name);
    const usage = view.find('volumeUsage', namespace, name);
    if (claim === undefined || usage === undefined || claim.readOnly) return { findings: [] };
    const rooms: readonly Room[] = [
      { ...usage.bytes, kind: 'volume-nearly-full', describe: formatBytes },
      ...(usage.inodes === undefined
        ? []
        : [{ ...usage.inodes, kind: 'volume-inodes' as const, describe: (amount: number) => `${amount} inodes` }]),
    ];
    const users = usersOf(claim, view);
    const findings = rooms
      .filter((room) => isScarce(room, params))
      .map((room) =>
        findingOfObject(
          { ...subject, uid: claim.uid },
          { ...describeRoom(room, params), impact: describeUsers(users), since: usage.createdAt },
        ),
      );
    return { findings };
  },
});

function isScarce(room: Room, { criticalPercent, percent, withinDays }: VolumeNearlyFullParams): boolean {
  const left = percentLeft(room);
  return left < criticalPercent || (left < percent && secondsLeft(room) < withinDays * 86_400);
}

function percentLeft({ available, capacity }: RoomView): number {
  return (available / capacity) * 100;
}

function secondsLeft({ available, shrinking = 0 }: RoomView): number {
  return shrinking <= 0 ? Infinity : available / shrinking;
}

function describeRoom(room: Room, { criticalPercent }: VolumeNearlyFullParams) {
  const { kind, available, capacity, describe, shrinking = 0 } = room;
  const left = percentLeft(room);
  const trend =
    shrinking <= 0
      ? 'It does not fill up further.'
      : `It loses ${describe(Math.round(shrinking * 3600))} an hour, so it is full in about ${describeWait(secondsLeft(room))}.`;
  return {
    detector: 'volume-nearly-full',
    kind,
    title: titles[kind],
    severity: left < criticalPercent ? ('critical' as const) : ('warning' as const),
    cause: [`${describe(available)} of ${describe(capacity)} are left (${left.toFixed(1)} %).`, trend],
  };
}

function describeWait(seconds: number): string {
  const minutes = seconds / 60;
  if (minutes < 120) return `${Math.max(1, Math.round(minutes))} min`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`;
}

/** The workloads whose pods write to it. */
function usersOf({ namespace, name }: VolumeClaimView, view: ClusterView): readonly ResourceRef[] {
  const using = view
    .within('workload', namespace)
    .map((workload) => ({ kind: workload.kind, namespace, name: workload.name, uid: workload.uid }))
    .filter(isWorkloadRef);
  return using.filter((ref) => view.podsOf(ref).some(({ claims = [] }) => claims.includes(name)));
}

function describeUsers(users: readonly ResourceRef[]): string {
  if (users.length === 0) return 'what writes to it will fail';
  return `${users.map(refName).join(', ')} cannot write once it is full`;
}
