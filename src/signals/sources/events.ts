import { slimEvent } from '../slim/event.ts';
import { namespacedSource } from '../source.ts';

/** Only warnings are kept; normal Events are most of the volume and none of the evidence. */
export const events = namespacedSource({
  id: 'events',
  apiGroup: 'events.k8s.io',
  resource: 'events',
  slim(raw) {
    const object = slimEvent(raw);
    return object === undefined || object.type === 'Normal' ? undefined : { kind: 'event', object };
  },
});
