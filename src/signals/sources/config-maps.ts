import { slimConfigMap } from '../slim/config-map.ts';
import { defineSource } from '../source.ts';

/** When they were written last; what they hold is not asked for. */
export const configMaps = defineSource({
  kind: 'configMap',
  apiGroup: '',
  resource: 'configmaps',
  metadataOnly: true,
  slim: slimConfigMap,
});
