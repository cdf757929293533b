import { readArray, readObject, readPath, readString, readTime } from '../../core/json.ts';
import { readsAtStart, referencesOf } from '../../core/pod-references.ts';
import { type ConfigMapUse, type ConfigMapView, type ConfigWrite, mostWrites } from '../../core/views/config-map.ts';
import type { ObjectView } from '../../core/views/object.ts';
import { readAnnotations, readMetadata, readOwner } from './metadata.ts';

/** Made in every namespace by Kubernetes, OpenShift and Istio for their certificates. */
const everywhere = new Set(['kube-root-ca.crt', 'openshift-service-ca.crt', 'istio-ca-root-cert']);

/** True for a ConfigMap that is there wherever people are, and is nobody's configuration. */
export function isMadeEverywhere(name: string): boolean {
  return everywhere.has(name);
}

/** On what leaders are elected by (client-go, `resourcelock`), every few seconds. */
const leaderAnnotation = 'control-plane.alpha.kubernetes.io/leader';

/** Whether somebody marked it so that what it holds is kept. */
export function asksForHistory(raw: unknown): boolean {
  return readAnnotations(raw)['keep-history'] === 'true';
}

/** What machines write for themselves: leader elections, certificates of the cluster, what a controller makes and corrects. */
function isOfMachines(raw: unknown, { name }: ObjectView): boolean {
  const leader = readString(raw, 'metadata', 'annotations', leaderAnnotation);
  return leader !== undefined || isMadeEverywhere(name) || readOwner(raw) !== undefined;
}

/** Undefined for what machines write for themselves, unless somebody marked it. */
export function slimConfigMap(raw: unknown): ConfigMapView | undefined {
  const metadata = readMetadata(raw);
  const isMarked = asksForHistory(raw);
  if (metadata === undefined || (!isMarked && isOfMachines(raw, metadata))) return undefined;
  const owned = readArray(raw, 'metadata', 'managedFields').map((entry) => ({ entry, keys: keysOf(entry) }));
  const content = owned.filter(({ keys }) => keys.length > 0);
  return {
    ...metadata,
    writes: newestWrites(content.flatMap(({ entry }) => readWrites(entry)).filter(({ at }) => at > metadata.createdAt)),
    keys: new Set(content.flatMap(({ keys }) => keys)).size,
    ...(isMarked ? { asksForHistory: true } : {}),
  };
}

/** Keys that a field manager has set; `.` stands for the map itself. */
function keysOf(entry: unknown): readonly string[] {
  return ['f:data', 'f:binaryData']
    .flatMap((field) => Object.keys(readObject(readPath(entry, 'fieldsV1'), field)))
    .filter((key) => key !== '.');
}

function readWrites(entry: unknown): readonly ConfigWrite[] {
  const at = readTime(entry, 'time');
  return at === undefined ? [] : [{ at, by: readString(entry, 'manager') }];
}

/** Each moment once. */
function newestWrites(writes: readonly ConfigWrite[]): readonly ConfigWrite[] {
  const distinct = new Map(writes.map((write) => [write.at, write]));
  return [...distinct.values()].toSorted((a, b) => b.at - a.at).slice(0, mostWrites);
}

/**
 * What is seen of a ConfigMap together with what was known of it: a field manager says only when it wrote last, and nothing when another one takes its key
 * away. `now`: epoch milliseconds by the cluster's clock.
 */
export function joinWrites(known: ConfigMapView | undefined, seen: ConfigMapView, now: number): ConfigMapView {
  if (known === undefined) return seen;
  const told = (seen.writes[0]?.at ?? 0) > (known.writes[0]?.at ?? 0);
  const untold = seen.keys !== known.keys && !told ? [{ at: now }] : [];
  return { ...seen, writes: newestWrites([...seen.writes, ...untold, ...known.writes]) };
}

/** What a pod's spec reads of ConfigMaps; nothing where it reads none. */
export function slimUses(podSpec: unknown): { readonly configMaps?: readonly ConfigMapUse[] } {
  const { configMaps } = referencesOf(podSpec);
  if (configMaps.length === 0) return {};
  return { configMaps: configMaps.map((name) => ({ name, atStart: readsAtStart(podSpec, name) })) };
}
