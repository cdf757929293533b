import type { HygieneCheck } from './check.ts';

export const privileged: HygieneCheck = {
  id: 'privileged',
  title: 'containers are privileged',
  why: 'Whoever gets into them has the node.',
  find: ({ workloads }) =>
    workloads.flatMap(({ ref, containers }) => {
      const names = containers.filter((one) => one.privileged).map(({ name }) => name);
      return names.length === 0 ? [] : [{ subject: ref, detail: names.join(', ') }];
    }),
};
