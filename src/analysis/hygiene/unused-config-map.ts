import type { HygieneCheck } from './check.ts';

export const unusedConfigMap: HygieneCheck = {
  id: 'unused-config-map',
  title: 'no pod reads these ConfigMaps',
  why: 'They are left over, or something is not wired up; what reads them by the API cannot be seen from here.',
  find({ workloads, configMaps }) {
    if (configMaps === undefined) return undefined;
    const read = new Set(
      workloads.flatMap(({ ref, configMaps: names }) => names.map((name) => `${ref.namespace}/${name}`)),
    );
    return configMaps
      .filter(({ namespace, name }) => !read.has(`${namespace}/${name}`))
      .map((subject) => ({ subject, detail: '' }));
  },
};
