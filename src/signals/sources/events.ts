import { slimEvent } from '../slim/event.ts';
import { defineSource } from '../source.ts';

/** Only warnings are kept; normal Events are most of the volume and none of the evidence. */
export const events = defineSource({
  kind: 'event',
  apiGroup: 'events.k8s.io',
  resource: 'events',
  slim(raw) {
    const event = slimEvent(raw);
    return event?.type === 'Normal' ? undefined : event;
  },
});
