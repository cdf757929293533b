import { readArray, readString } from './json.ts';

/** Names of what a pod takes its configuration from, each once. */
export interface PodReferences {
  readonly configMaps: readonly string[];
  readonly secrets: readonly string[];
}

/** What a pod's spec reads by environment, volume or projected volume. Credentials for pulling images are not configuration. */
export function referencesOf(podSpec: unknown): PodReferences {
  const containers = [...readArray(podSpec, 'initContainers'), ...readArray(podSpec, 'containers')];
  const variables = containers.flatMap((one) => readArray(one, 'env'));
  const wholes = containers.flatMap((one) => readArray(one, 'envFrom'));
  const volumes = readArray(podSpec, 'volumes');
  const sources = volumes.flatMap((one) => readArray(one, 'projected', 'sources'));
  const names = (from: readonly unknown[], ...path: readonly string[]) =>
    from.map((one) => readString(one, ...path)).filter((name) => name !== undefined);
  const configMaps = [
    ...names(volumes, 'configMap', 'name'),
    ...names(sources, 'configMap', 'name'),
    ...names(wholes, 'configMapRef', 'name'),
    ...names(variables, 'valueFrom', 'configMapKeyRef', 'name'),
  ];
  const secrets = [
    ...names(volumes, 'secret', 'secretName'),
    ...names(sources, 'secret', 'name'),
    ...names(wholes, 'secretRef', 'name'),
    ...names(variables, 'valueFrom', 'secretKeyRef', 'name'),
  ];
  return { configMaps: [...new Set(configMaps)], secrets: [...new Set(secrets)] };
}

/** Whether a pod has what it read of a ConfigMap when it started, whatever becomes of it: by environment, or by a path within a volume (`subPath`). */
export function readsAtStart(podSpec: unknown, configMap: string): boolean {
  const containers = [...readArray(podSpec, 'initContainers'), ...readArray(podSpec, 'containers')];
  const mounts = containers.flatMap((one) => readArray(one, 'volumeMounts'));
  const partly = mounts.filter((one) => (readString(one, 'subPath') ?? readString(one, 'subPathExpr')) !== undefined);
  const names = partly.map((one) => readString(one, 'name'));
  const volumes = readArray(podSpec, 'volumes').filter((one) => names.includes(readString(one, 'name')));
  return referencesOf({ containers, volumes }).configMaps.includes(configMap);
}
