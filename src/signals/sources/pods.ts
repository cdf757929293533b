import { slimPod } from '../slim/pod.ts';
import { defineSource } from '../source.ts';

export const pods = defineSource({ kind: 'pod', apiGroup: '', resource: 'pods', slim: slimPod });
