import type { ConfigContent, ConfigVersion } from '../config-version.ts';
import type { ResourceRef } from '../resource-ref.ts';

/** What ConfigMaps have held, by name: one that is deleted and made again goes on where it was. All fail with `store-unreachable`. */
export interface ConfigHistory {
  /** As the newest version, unless it is that already; the oldest beyond `mostVersions` goes. `at`: epoch milliseconds. */
  keep(configMap: ResourceRef, content: ConfigContent, at: number): Promise<void>;
  /** Newest first. */
  read(configMap: ResourceRef): Promise<readonly ConfigVersion[]>;
  /** Says that they are still there: what nobody keeps or renews for long is forgotten. */
  renew(configMaps: readonly ResourceRef[]): Promise<void>;
}
