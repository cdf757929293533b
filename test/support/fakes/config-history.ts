import { isDeepStrictEqual } from 'node:util';
import { type ConfigVersion, mostVersions } from '../../../src/core/config-version.ts';
import type { ConfigHistory } from '../../../src/core/ports/config-history.ts';
import { refName } from '../../../src/core/resource-ref.ts';

export function createFakeConfigHistory(): ConfigHistory {
  const known = new Map<string, readonly ConfigVersion[]>();
  return {
    async keep(configMap, content, at) {
      const versions = known.get(refName(configMap)) ?? [];
      const [newest] = versions;
      if (newest !== undefined && isDeepStrictEqual(newest.content, content)) return;
      const others = versions.filter((one) => !isDeepStrictEqual(one.content, content));
      const fresh = { version: (newest?.version ?? 0) + 1, at, content };
      known.set(refName(configMap), [fresh, ...others].slice(0, mostVersions));
    },
    read: async (configMap) => known.get(refName(configMap)) ?? [],
    renew: async () => undefined,
  };
}
