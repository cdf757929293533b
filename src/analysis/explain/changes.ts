import type { ConfigVersion } from '../../core/config-version.ts';
import type { Finding } from '../../core/finding.ts';
import { redact } from '../../core/redact.ts';
import { type ResourceRef, refKey, refName } from '../../core/resource-ref.ts';
import type { ClusterView } from '../../core/view.ts';
import type { NodeView } from '../../core/views/capacity.ts';
import type { ConfigMapUse, ConfigMapView, ConfigWrite } from '../../core/views/config-map.ts';
import { livePods } from '../pod-finding.ts';
import { findRelease } from './release.ts';
import { formatClock, formatDelay } from './time.ts';

/** Something that changed around a trouble, in one line. */
export interface Change {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly text: string;
  /** The ConfigMap that was written, where the trouble's own pods read it. */
  readonly configMap?: ResourceRef;
}

/** How long before a trouble something must have changed to be told with it, milliseconds. */
const beforeMs = 30 * 60_000;

const most = 8;

/**
 * What changed around a finding shortly before it began, the newest first: releases of other workloads in the namespace, sizes that autoscalers set, and
 * nodes of its pods, and ConfigMaps that they read. The release of the workload itself is told elsewhere.
 */
export function changesAround(finding: Finding, view: ClusterView): readonly Change[] {
  const { since } = finding;
  return [
    ...configWrites(finding, view),
    ...releasesNear(finding, view),
    ...scalingsOf(finding.subject, view),
    ...nodesOf(finding, view),
  ]
    .filter(({ at }) => at <= since && since - at <= beforeMs)
    .toSorted((a, b) => b.at - a.at)
    .slice(0, most);
}

/** With more writes than this within the time that is looked back, it is written as a matter of course. */
const mostNews = 3;

/** What is made at most this long after the workload was made together with it, milliseconds. */
const togetherMs = 60_000;

function configWrites(finding: Finding, view: ClusterView): readonly Change[] {
  const { subject, since } = finding;
  const reader = readerOf(subject, view);
  return (reader?.configMaps ?? []).flatMap((use) => {
    const seen = view.find('configMap', subject.namespace, use.name);
    const known = seen === undefined ? [] : [...seen.writes, ...creationOf(seen, reader?.createdAt ?? 0)];
    const [newest, ...others] = known.filter(({ at }) => at <= since && since - at <= beforeMs);
    return newest === undefined || others.length >= mostNews ? [] : [describeWrite(newest, use, finding)];
  });
}

interface Reader {
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly configMaps?: readonly ConfigMapUse[] | undefined;
}

function readerOf(ref: ResourceRef, view: ClusterView): Reader | undefined {
  if (ref.kind === 'Job') return view.find('job', ref.namespace, ref.name);
  return ref.kind === 'CronJob' ? view.find('cronJob', ref.namespace, ref.name) : view.workload(ref);
}

interface Write extends ConfigWrite {
  readonly made?: boolean;
}

/** One that was deleted and made again, or came later, is news. */
function creationOf({ createdAt }: ConfigMapView, readerCreatedAt: number): readonly Write[] {
  return createdAt > readerCreatedAt + togetherMs ? [{ at: createdAt, made: true }] : [];
}

function describeWrite(write: Write, { name, atStart }: ConfigMapUse, { subject, since }: Finding): Change {
  const configMap = { kind: 'ConfigMap', namespace: subject.namespace, name };
  const when = `at ${formatClock(write.at)} (${formatDelay(since - write.at)} before)`;
  const told = `${refKey(configMap)}, which it reads, was ${describeHow(write)} ${when}.`;
  const late = 'It is read when a pod starts: pods that run on have what it held then, until they are restarted.';
  return { at: write.at, text: atStart ? `${told} ${late}` : told, configMap };
}

function describeHow({ by, made = false }: Write): string {
  if (made) return 'created';
  return by === undefined ? 'changed' : `written by ${redact(by)}`;
}

/** Keys named in a sentence at most. */
const mostKeys = 6;

/** With the keys that differ since then, where it is known what the ConfigMap held before and after. `versions`: newest first. */
export function tellKeys(change: Change, versions: readonly ConfigVersion[]): Change {
  const after = versions.findLastIndex(({ at }) => at >= change.at);
  const [is, was] = [versions[after]?.content, versions[after + 1]?.content];
  if (is === undefined || was === undefined) return change;
  const keys = (['data', 'binaryData'] as const).flatMap((field) => {
    const names = [...new Set([...Object.keys(was[field]), ...Object.keys(is[field])])].toSorted();
    return names.filter((name) => was[field][name] !== is[field][name]);
  });
  if (keys.length === 0) return change;
  const more = keys.length > mostKeys ? ` and ${keys.length - mostKeys} more` : '';
  return {
    ...change,
    text: `${change.text} Its keys that differ: ${redact(keys.slice(0, mostKeys).join(', '))}${more}.`,
  };
}

function releasesNear({ subject, since }: Finding, view: ClusterView): readonly Change[] {
  if (subject.namespace === '') return [];
  return view.within('workload', subject.namespace).flatMap((workload) => {
    const ref = { kind: workload.kind, namespace: workload.namespace, name: workload.name, uid: workload.uid };
    if (refKey(ref) === refKey(subject)) return [];
    const release = findRelease({ view, subject: ref, pods: [], window: { before: since, ms: beforeMs } });
    if (release === undefined || release.changes.length === 0) return [];
    const { at, toRevision, changes } = release;
    return [
      { at, text: `revision ${toRevision} of ${workload.kind} ${refName(ref)}: ${changes.slice(0, 3).join('; ')}` },
    ];
  });
}

function scalingsOf({ kind, namespace, name }: ResourceRef, view: ClusterView): readonly Change[] {
  return view
    .within('autoscaler', namespace)
    .filter(({ target }) => target.kind === kind && target.name === name)
    .flatMap((autoscaler) => view.find('scaling', namespace, autoscaler.name)?.sizes ?? [])
    .map(({ at, replicas }) => ({ at, text: `its autoscaler set ${replicas} replicas` }));
}

function nodesOf({ subject }: Finding, view: ClusterView): readonly Change[] {
  const names = new Set(livePods({ subject, view }).map(({ node }) => node ?? ''));
  return [...names].flatMap((name) => {
    const node = view.find('node', '', name);
    if (node === undefined) return [];
    const told = node.conditions.filter(({ type, status }) => (type === 'Ready') !== (status === 'True'));
    return [
      ...(isNewcomer(node, view) ? [{ at: node.createdAt, text: `node ${name} joined the cluster` }] : []),
      ...(node.cordonedAt === undefined ? [] : [{ at: node.cordonedAt, text: `node ${name} was cordoned` }]),
      ...told.map(({ type, status, since }) => ({ at: since, text: `node ${name}: ${type} became ${status}` })),
    ];
  });
}

/** In a young cluster every node has joined lately: it is news where most of the others were there long before. */
function isNewcomer({ name, createdAt }: NodeView, view: ClusterView): boolean {
  const others = [...view.all('node')].filter((node) => node.name !== name);
  const older = others.filter((node) => createdAt - node.createdAt > beforeMs);
  return older.length * 2 > others.length;
}
