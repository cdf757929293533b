/** Why a claim does not stand in what it cites. */
export interface Fault {
  /** In a few words, for the log. */
  readonly why: string;
  /** A good model is caught at a `slip` too: a fault of form, or a word that is not in our lists. All others are `invention`. */
  readonly kind: 'slip' | 'invention';
}

export function slip(why: string): Fault {
  return { why, kind: 'slip' };
}

export function invention(why: string): Fault {
  return { why, kind: 'invention' };
}
