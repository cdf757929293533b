import type { ObjectView } from './object.ts';

/** Bytes or inodes. */
export interface RoomView {
  readonly capacity: number;
  readonly available: number;
  /** How much less there is every second, over the last hours; negative where there is more. Absent where that is not known. */
  readonly shrinking?: number;
}

/** How full the volume of a PersistentVolumeClaim is, as its kubelet says. Its name is the claim's. */
export interface VolumeUsageView extends ObjectView {
  readonly bytes: RoomView;
  /** Absent where the file system has no fixed number of them. */
  readonly inodes?: RoomView;
}
