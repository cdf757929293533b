import type { ContainerView, PodView } from '../../core/views/pod.ts';

/** What a container waits for while nothing is wrong with it. */
const preparing = new Set(['ContainerCreating', 'PodInitializing', '']);

/**
 * True where a detector of pods says what is wrong with it, so that those of workloads need not: it finds no node, was given up, or one of its
 * containers waits for its image, its configuration or its next start, or has restarted after a failure.
 */
export function isExplained(pod: PodView): boolean {
  return pod.phase === 'Failed' || pod.unscheduled?.reason === 'Unschedulable' || pod.containers.some(hasFailed);
}

function hasFailed({ state, restarts, last }: ContainerView): boolean {
  if (state.phase === 'waiting' && !preparing.has(state.reason)) return true;
  if (state.phase === 'terminated' && state.exitCode !== 0) return true;
  return restarts > 0 && last !== undefined && last.exitCode !== 0;
}

/** Why a pod that nobody explains is not ready, to follow on its name. */
export function describeState(pod: PodView): string {
  if (pod.unscheduled !== undefined) return `waits to be scheduled (${pod.unscheduled.reason})`;
  if (pod.node === undefined && pod.phase === 'Pending') return 'has not been looked at by the scheduler';
  const init = pod.containers.find(({ role, state }) => role === 'init' && state.phase === 'running');
  if (init !== undefined) return `waits for its init container ${init.name}`;
  if (pod.phase === 'Pending') return 'waits for its containers to be created';
  return pod.ready ? 'is ready' : 'runs and is not ready';
}
