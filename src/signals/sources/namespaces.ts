import { slimNamespace } from '../slim/capacity.ts';
import { defineSource } from '../source.ts';

export const namespaces = defineSource({
  kind: 'namespace',
  apiGroup: '',
  resource: 'namespaces',
  scope: 'cluster',
  slim: slimNamespace,
});
