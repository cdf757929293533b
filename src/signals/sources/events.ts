import { slimEvent } from '../slim/event.ts';
import { defineSource } from '../source.ts';

/** All of them are kept; only some are evidence. */
export const events = defineSource({ kind: 'event', apiGroup: 'events.k8s.io', resource: 'events', slim: slimEvent });
