/** Somebody of Slack as Slack describes them. */
export interface Person {
  readonly id: string;
  /** Guests have limited accounts; strangers come from another organisation (Slack Connect). */
  readonly kind: 'member' | 'guest' | 'stranger' | 'bot' | 'deleted';
  /** Every workspace the person belongs to; more than one only in Enterprise Grid. */
  readonly teamIds: readonly string[];
  readonly enterpriseId?: string;
  /** Ids of the configured user groups the person is in; undefined where that cannot be read now. */
  readonly groups: readonly string[] | undefined;
}

/** Who people are, at most 60 s old. Fails with a `LifeguardError` when Slack cannot be asked. */
export interface People {
  describe(userId: string): Promise<Person>;
}
