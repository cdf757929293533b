import type { HygieneCheck } from './check.ts';

export const hostAccess: HygieneCheck = {
  id: 'host-access',
  title: 'pods take part in their node',
  why: 'They see or change what belongs to the node and to other pods.',
  find: ({ workloads }) =>
    workloads.flatMap((workload) =>
      workload.hostAccess.length === 0 ? [] : [{ subject: workload.ref, detail: workload.hostAccess.join(', ') }],
    ),
};
