import type { Release } from '../../core/finding.ts';
import type { ResourceRef } from '../../core/resource-ref.ts';
import type { ClusterView } from '../../core/view.ts';
import type { PodView } from '../../core/views/pod.ts';
import type { ContainerTemplate, RevisionView } from '../../core/views/workload.ts';
import { formatDelay } from './time.ts';

interface ReleaseQuestion {
  readonly view: ClusterView;
  readonly subject: ResourceRef;
  /** The pods in trouble. */
  readonly pods: readonly PodView[];
  /** The trouble was first seen at `before`; a release up to `ms` earlier may have caused it. */
  readonly window: { readonly before: number; readonly ms: number };
}

/**
 * The release that the trouble follows: the pods in trouble belong to the newest revision, and it came out within
 * the window before the trouble began. Undefined where any of that is not so.
 */
export function findRelease({ view, subject, pods, window }: ReleaseQuestion): Release | undefined {
  const [current, previous] = view.revisionsOf(subject);
  if (current === undefined) return undefined;
  if (!pods.every((pod) => belongsTo(pod, current))) return undefined;
  const at = releasedAt(current, view.podsOf(subject));
  const late = window.before - at > window.ms;
  if (late) return undefined;
  return {
    fromRevision: previous?.revision ?? null,
    toRevision: current.revision,
    at,
    changes: previous === undefined ? [] : diffTemplates(previous.containers, current.containers),
  };
}

/** What changed and when, for the cause line. `since`: epoch milliseconds at which the trouble began. */
export function describeRelease(release: Release, since: number): string {
  const at = `${new Date(release.at).toISOString().slice(11, 19)} UTC`;
  if (release.fromRevision === null)
    return `It began with revision ${release.toRevision}, the first of this workload (${at}).`;
  const delay = since - release.at < 1_000 ? 'right' : formatDelay(since - release.at);
  const what =
    release.changes.length === 0 ? 'no visible change of the containers' : release.changes.slice(0, 3).join('; ');
  return `It began ${delay} after revision ${release.toRevision} replaced revision ${release.fromRevision} (${at}): ${what}.`;
}

/** A pod belongs to a revision by owner (ReplicaSet) or by revision hash (StatefulSet, DaemonSet). */
export function belongsTo(pod: PodView, revision: RevisionView): boolean {
  return (
    pod.owner?.uid === revision.uid || (pod.revisionHash !== undefined && revision.name.endsWith(pod.revisionHash))
  );
}

/** A revision that was made current again keeps its old creation time; its oldest present pod tells better. */
function releasedAt(revision: RevisionView, pods: readonly PodView[]): number {
  if (!revision.reused) return revision.createdAt;
  const births = pods.filter((pod) => belongsTo(pod, revision)).map((pod) => pod.createdAt);
  return births.length === 0 ? revision.createdAt : Math.min(...births);
}

/** What differs between two pod templates, one line a change, most telling first: image, command, env, resources. */
function diffTemplates(before: readonly ContainerTemplate[], after: readonly ContainerTemplate[]): string[] {
  const old = new Map(before.map((container) => [container.name, container]));
  const changed = after.flatMap((container) => {
    const former = old.get(container.name);
    return former === undefined
      ? [`container ${container.name} added (${container.image})`]
      : diffContainer(former, container);
  });
  const present = new Set(after.map((container) => container.name));
  const removed = before
    .filter((container) => !present.has(container.name))
    .map((container) => `container ${container.name} removed`);
  return [...changed, ...removed];
}

function diffContainer(before: ContainerTemplate, after: ContainerTemplate): string[] {
  const of = `of ${after.name}`;
  return [
    ...diffValue(`image ${of}`, before.image, after.image),
    ...diffValue(`command ${of}`, before.command, after.command),
    ...diffMap(`env ${of}`, before.env, after.env),
    ...diffMap(`resources ${of}`, before.resources, after.resources),
  ];
}

function diffValue(label: string, before: string, after: string): string[] {
  return before === after ? [] : [`${label}: ${before === '' ? 'none' : before} -> ${after === '' ? 'none' : after}`];
}

function diffMap(
  label: string,
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return names.flatMap((name) => {
    const [was, is] = [before[name], after[name]];
    if (was === is) return [];
    if (was === undefined) return [`${label}: ${name}=${is} added`];
    return is === undefined ? [`${label}: ${name} removed`] : [`${label}: ${name} ${was} -> ${is}`];
  });
}
