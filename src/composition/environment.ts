/** What a process takes from its environment; every value may be missing. */
export interface Environment {
  readonly slackBotToken?: string | undefined;
  readonly slackAppToken?: string | undefined;
  readonly slackApiUrl?: string | undefined;
  readonly redisUrl?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly inClusterHost?: string | undefined;
  readonly inClusterPort?: string | undefined;
  /** Namespace that holds the leader's Lease. */
  readonly podNamespace?: string | undefined;
  /** 0 takes a free one. */
  readonly port: number;
}

export const roles = ['all', 'bot', 'watcher', 'worker'] as const;
export type RoleName = (typeof roles)[number];

export function isRoleName(word: string): word is RoleName {
  return roles.some((role) => role === word);
}
