import { z } from 'zod';
import type { ResourceRef } from '../../core/resource-ref.ts';
import type { ClusterView } from '../../core/view.ts';
import type { VolumeClaimView } from '../../core/views/capacity.ts';
import type { EventView } from '../../core/views/event.ts';
import { defineDetector, type Judgement, type Subject } from '../detector.ts';
import { judgeTroubles } from '../object-finding.ts';

const VolumeClaimParams = z.strictObject({
  /** Making a volume takes a cloud some seconds; a claim that waits for one counts after this long. */
  graceSeconds: z.number().nonnegative().default(60),
});
type VolumeClaimParams = z.infer<typeof VolumeClaimParams>;

const titles = {
  'volume-claim-pending': 'volume claim gets no volume',
  'volume-claim-lost': 'volume is lost',
} as const;

/** Why a claim has no volume. */
interface Obstacle {
  readonly cause: string;
  readonly about?: ResourceRef;
  /** What to do about it. */
  readonly next: string;
}

/** A claim that stays without a volume, or whose volume is gone. */
export const volumeClaim = defineDetector({
  id: 'volume-claim',
  judges: ['PersistentVolumeClaim'],
  kinds: titles,
  params: VolumeClaimParams,
  evaluate: evaluateClaim,
});

function evaluateClaim(subject: Subject, { graceSeconds }: VolumeClaimParams): Judgement {
  const { view } = subject;
  const { namespace, name } = subject.subject;
  const claim = view.find('volumeClaim', namespace, name);
  if (claim === undefined || claim.deletion !== undefined) return { findings: [] };
  const events = view.eventsOf({ ...subject.subject, uid: claim.uid }).toSorted((a, b) => b.lastSeen - a.lastSeen);
  if (claim.phase === 'Lost') return judgeLost(subject, claim, events);
  const obstacle = claim.phase === 'Pending' ? findObstacle(claim, view) : undefined;
  if (obstacle === undefined) return { findings: [] };
  const trouble = {
    detector: 'volume-claim',
    kind: 'volume-claim-pending',
    title: titles['volume-claim-pending'],
    severity: 'warning',
    cause: [obstacle.cause, ...quoteNewest(events)],
    step: obstacle.next,
    impact: 'pods that use it cannot start',
    since: claim.createdAt,
    from: claim.createdAt + graceSeconds * 1000,
    ...(obstacle.about === undefined ? {} : { about: [obstacle.about] }),
  } as const;
  return judgeTroubles(subject, claim, [trouble]);
}

function judgeLost(subject: Subject, claim: VolumeClaimView, events: readonly EventView[]): Judgement {
  const since = events.findLast(({ reason }) => reason === 'ClaimLost')?.createdAt ?? claim.createdAt;
  const volume =
    claim.volume === undefined ? 'The volume it was bound to' : `Volume ${claim.volume}, which it was bound to,`;
  const trouble = {
    detector: 'volume-claim',
    kind: 'volume-claim-lost',
    title: titles['volume-claim-lost'],
    severity: 'critical',
    cause: [`${volume} does not exist any more; its data may be lost.`, ...quoteNewest(events)],
    impact: 'pods that use it cannot start again',
    since,
    from: since,
    about: claim.volume === undefined ? [] : [{ kind: 'PersistentVolume', namespace: '', name: claim.volume }],
  } as const;
  return judgeTroubles(subject, claim, [trouble]);
}

function quoteNewest(events: readonly EventView[]): readonly string[] {
  const newest = events.find(({ type }) => type === 'Warning');
  return newest === undefined ? [] : [`Kubernetes says: ${newest.note.trim().replace(/\.$/, '')} (${newest.reason}).`];
}

/** Undefined where the claim waits for nothing but its first pod, or where what it waits for cannot be told. */
function findObstacle(claim: VolumeClaimView, view: ClusterView): Obstacle | undefined {
  if (claim.volume !== undefined) {
    return {
      cause: `It wants volume ${claim.volume}, which does not exist or is not free for it.`,
      next: 'See whether that volume exists and who has it (`kubectl get pv`): one that is Released keeps the name of its old claim, and its size, class and access modes must suit the claim.',
    };
  }
  if (claim.storageClass === '') {
    return {
      cause: 'It wants no storage class (""), so it waits for a volume made by hand, and none fits.',
      next: `${makeByHand} without a class, or make the claim anew with a storage class (\`kubectl get storageclass\`).`,
    };
  }
  if (!view.knows('storageClass', '')) return undefined;
  if (claim.storageClass === undefined) return missesDefault(view);
  const found = view.find('storageClass', '', claim.storageClass);
  if (found === undefined) {
    const about = { kind: 'StorageClass', namespace: '', name: claim.storageClass };
    return { cause: `Its storage class ${claim.storageClass} does not exist. ${listClasses(view)}`, about, next: anew };
  }
  if (found.bindingMode === 'WaitForFirstConsumer' && claim.selectedNode === undefined) return undefined;
  return explainProvisioner(found.controller, claim.storageClass);
}

function missesDefault(view: ClusterView): Obstacle | undefined {
  if ([...view.all('storageClass')].some(({ isDefault }) => isDefault)) return undefined;
  return {
    cause: `It names no storage class, and none is the default. ${listClasses(view)}`,
    next: 'Make one of the storage classes the default (its annotation storageclass.kubernetes.io/is-default-class: "true"), and the claim gets a volume; or make the claim anew with a class that it names.',
  };
}

function listClasses(view: ClusterView): string {
  const names = [...view.all('storageClass')].map(({ name }) => name).toSorted();
  return names.length === 0 ? 'There is no storage class at all.' : `There are: ${names.slice(0, 10).join(', ')}.`;
}

const makeByHand = 'Create a PersistentVolume that suits the claim in size and access modes,';

const anew =
  'Make the claim anew with a storage class that there is (`kubectl get storageclass`), since the class of a claim cannot be changed, or create {about|the class that it names}.';

/** Classes of this provisioner have volumes that people make. */
const byHand = 'kubernetes.io/no-provisioner';

function explainProvisioner(provisioner: string, storageClass: string): Obstacle {
  if (provisioner === byHand)
    return {
      cause: `Volumes of storage class ${storageClass} are made by hand, and none fits.`,
      next: `${makeByHand} of this class, or make the claim anew with a class whose volumes are made for it.`,
    };
  return {
    cause: `Provisioner ${provisioner} of storage class ${storageClass} has not made its volume.`,
    next: 'See why its provisioner does not make a volume: its words in the Events (`kubectl -n {namespace|<namespace>} describe pvc {name|<name>}`) and the log of its controller; often a quota, rights or a zone at the storage provider.',
  };
}
