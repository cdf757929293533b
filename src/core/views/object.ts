/** An object on its way out. */
export interface Deletion {
  /** Epoch milliseconds at which deletion was asked for. */
  readonly since: number;
  readonly finalizers: readonly string[];
}

/** What every slim object has. Times are epoch milliseconds. */
export interface ObjectView {
  readonly uid: string;
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
  readonly createdAt: number;
  /** Present once deletion was asked for. */
  readonly deletion?: Deletion | undefined;
}

/** An object of which it is known since when it is as it is. */
export interface WrittenView extends ObjectView {
  /** Epoch milliseconds at which its specification was last written, where its field managers say so. */
  readonly specWrittenAt?: number | undefined;
}

export interface OwnerRef {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

/** A condition as Kubernetes keeps them in a status. */
export interface ConditionView {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  /** Epoch milliseconds of the last transition. */
  readonly since: number;
}

export type Labels = Readonly<Record<string, string>>;
