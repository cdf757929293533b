import type { ContainerView, Termination } from './views/pod.ts';

/** How the newest run that ended did so; undefined where none has. */
export function latestEnd({ state, last }: ContainerView): Termination | undefined {
  return state.phase === 'terminated' ? state : last;
}

/**
 * Whether the log of the newest run that ended has to be asked for as that of the previous run. A container that waits for its restart is reported as
 * terminated for most of that time, and the kubelet has removed the run before by then.
 */
export function endedBefore({ state, last }: ContainerView): boolean {
  return state.phase !== 'terminated' && last !== undefined;
}
