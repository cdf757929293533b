import type { JsonObject } from '../src/core/json.ts';

export interface ShopApp {
  readonly name: string;
  readonly replicas: number;
  readonly version: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly memoryLimit?: string;
}

/** The test image: an HTTP service whose faults are set by environment. On a real cluster it must be there already. */
const image = 'test.local/app';

/** It says what it does, so that a log is longer than a message. */
const talkative = { LOG_EVERY_MS: '50' };

/** The shop as it is before anything goes wrong. */
export const shopApps: readonly ShopApp[] = [
  { name: 'storefront', replicas: 2, version: '1.0.0' },
  { name: 'checkout', replicas: 2, version: '1.0.0', env: talkative },
  { name: 'recommendations', replicas: 1, version: '1.0.0', memoryLimit: '64Mi' },
];

/** A release that cannot start: it exits two seconds after each start. */
export const badCheckout: ShopApp = {
  name: 'checkout',
  replicas: 2,
  version: '1.0.1',
  env: {
    ...talkative,
    CRASH_AFTER_S: '2',
    CRASH_LOG: 'cannot reach payments at payments:8443: connection refused',
    PAYMENTS_URL: 'https://payments:8443',
  },
};

/** A release that leaks until its limit of 64 MiB kills it, about two seconds after each start. */
export const leakingRecommendations: ShopApp = {
  name: 'recommendations',
  replicas: 1,
  version: '1.1.0',
  memoryLimit: '64Mi',
  env: { LEAK_MB_PER_S: '25', CACHE_ENTRIES: '5000000' },
};

/** Twelve jobs of the night that cannot reach their database any more. `up`: whether it answers. */
export function nightApps(up: boolean): readonly ShopApp[] {
  const env = { CRASH_AFTER_S: '2', CRASH_LOG: 'cannot connect to orders-db:5432: no route to host' };
  return Array.from({ length: 12 }, (_, index) => {
    const app = { name: `export-${index + 1}`, replicas: 1, version: '1.0.0' };
    return up ? app : { ...app, env };
  });
}

export function namespaceManifest(name: string): JsonObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

export function deploymentManifest(namespace: string, app: ShopApp): JsonObject {
  const { name, replicas, version, env = {}, memoryLimit } = app;
  const labels = { app: name };
  const container = {
    name: 'app',
    image: `${image}:${version}`,
    imagePullPolicy: 'IfNotPresent',
    env: Object.entries(env).map(([key, value]) => ({ name: key, value })),
    resources: memoryLimit === undefined ? {} : { limits: { memory: memoryLimit } },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 1, containers: [container] } },
    },
  };
}
