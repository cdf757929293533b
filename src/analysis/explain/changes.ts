import type { Finding } from '../../core/finding.ts';
import { type ResourceRef, refKey, refName } from '../../core/resource-ref.ts';
import type { ClusterView } from '../../core/view.ts';
import { livePods } from '../pod-finding.ts';
import { findRelease } from './release.ts';

/** Something that changed around a trouble, in one line. */
export interface Change {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly text: string;
}

/** How long before a trouble something must have changed to be told with it, milliseconds. */
const beforeMs = 30 * 60_000;

const most = 8;

/**
 * What changed around a finding shortly before it began, the newest first: releases of other workloads in the namespace, sizes that autoscalers set, and
 * nodes of its pods. The release of the workload itself is told elsewhere.
 */
export function changesAround(finding: Finding, view: ClusterView): readonly Change[] {
  const { since } = finding;
  return [...releasesNear(finding, view), ...scalingsOf(finding.subject, view), ...nodesOf(finding, view)]
    .filter(({ at }) => at <= since && since - at <= beforeMs)
    .toSorted((a, b) => b.at - a.at)
    .slice(0, most);
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
      { at: node.createdAt, text: `node ${name} joined the cluster` },
      ...(node.cordonedAt === undefined ? [] : [{ at: node.cordonedAt, text: `node ${name} was cordoned` }]),
      ...told.map(({ type, status, since }) => ({ at: since, text: `node ${name}: ${type} became ${status}` })),
    ];
  });
}
