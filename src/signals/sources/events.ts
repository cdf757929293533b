import { slimEvent } from '../slim/event.ts';
import { defineSource } from '../source.ts';

/** The kubelet stops a container because of a probe and reports that as normal. */
const killedByProbe = /failed (?:liveness|startup) probe/;

/** Warnings, and restarts because of a probe. All other normal Events are most of the volume and none of the evidence. */
export const events = defineSource({
  kind: 'event',
  apiGroup: 'events.k8s.io',
  resource: 'events',
  slim(raw) {
    const event = slimEvent(raw);
    return event?.type === 'Normal' && !killedByProbe.test(event.note) ? undefined : event;
  },
});
