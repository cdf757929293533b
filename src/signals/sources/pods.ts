import { slimPod } from '../slim/pod.ts';
import { namespacedSource } from '../source.ts';

export const pods = namespacedSource({
  id: 'pods',
  apiGroup: '',
  resource: 'pods',
  slim(raw) {
    const object = slimPod(raw);
    return object === undefined ? undefined : { kind: 'pod', object };
  },
});
