/** The same words for the eye (mrkdwn) and for the ear (plain). */
export interface Words {
  readonly rich: string;
  readonly plain: string;
}

/** Words of ours that are the same for both. */
export function bothWays(text: string): Words {
  return { rich: text, plain: text };
}
