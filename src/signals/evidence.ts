import type { Observation, Signal } from '../core/signal.ts';

/** The kubelet stops a container because of a probe and reports that as normal. */
const killedByProbe = /failed (?:liveness|startup) probe/;

/** What there is to judge in a signal; undefined where it has nothing. Normal Events are most of the volume and none of the evidence, but for restarts by a probe. */
export function keepEvidence(signal: Signal): Signal | undefined {
  if (signal.stream.kind !== 'event') return signal;
  if (signal.type === 'listed') return { ...signal, observations: signal.observations.filter(isEvidence) };
  return isEvidence(signal.observation) ? signal : undefined;
}

function isEvidence({ kind, object }: Observation): boolean {
  return kind !== 'event' || object.type !== 'Normal' || killedByProbe.test(object.note);
}
