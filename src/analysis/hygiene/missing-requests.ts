import type { HygieneCheck } from './check.ts';

export const missingRequests: HygieneCheck = {
  id: 'missing-requests',
  title: 'requests are missing',
  why: 'The scheduler reserves nothing for them, and they are the first to be evicted when a node runs short.',
  find: ({ workloads }) =>
    workloads.flatMap(({ ref, containers }) => {
      const lacking = containers.flatMap(({ name, requests }) => {
        const missing = [...(requests.cpu ? [] : ['cpu']), ...(requests.memory ? [] : ['memory'])];
        return missing.length === 0 ? [] : [`${name} (${missing.join(', ')})`];
      });
      return lacking.length === 0 ? [] : [{ subject: ref, detail: lacking.join(', ') }];
    }),
};
