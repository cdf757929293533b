import { expect, test, vi } from 'vitest';
import { readString } from '../../src/core/json.ts';
import { redact } from '../../src/core/redact.ts';
import { checkAccess } from '../../src/platform/kubernetes/access.ts';
import { createClusterReader } from '../../src/platform/kubernetes/cluster-reader.ts';
import { createLeadership } from '../../src/platform/kubernetes/leadership.ts';
import { createPodLogs } from '../../src/platform/kubernetes/pod-logs.ts';
import { systemClock } from '../../src/platform/system/clock.ts';
import { useNamespace } from '../support/kubernetes/own-namespace.ts';
import { asServiceAccount } from '../support/kubernetes/real-cluster.ts';
import { soon } from '../support/patience.ts';

const { http, namespace } = await useNamespace('watch');
const pods = `/api/v1/namespaces/${namespace}/pods`;

/** `/kept` outlives the runs of its container. */
async function createPod(name: string, command: string, restartPolicy = 'Always'): Promise<void> {
  const volumeMounts = [{ name: 'kept', mountPath: '/kept' }];
  const container = { name: 'app', image: 'busybox:1.36', command: ['sh', '-c', command], volumeMounts };
  const spec = {
    containers: [container],
    restartPolicy,
    volumes: [{ name: 'kept', emptyDir: {} }],
    terminationGracePeriodSeconds: 0,
    automountServiceAccountToken: false,
  };
  await http.json({ method: 'POST', path: pods, body: JSON.stringify({ metadata: { name }, spec }) });
}

test('pods that come, change and go are seen as they are', async () => {
  await createPod('before', 'sleep 600');
  const known = new Map<string, string>();
  const gone: string[] = [];
  const troubles: (string | undefined)[] = [];
  const stop = new AbortController();
  const running = createClusterReader({ http, clock: systemClock, random: Math.random }).watch({
    collection: { path: pods },
    slim: (raw) => ({
      name: readString(raw, 'metadata', 'name') ?? '',
      phase: readString(raw, 'status', 'phase') ?? '',
    }),
    onList: (items) => {
      for (const { name, phase } of items) known.set(name, phase);
    },
    onSeen: ({ name, phase }) => void known.set(name, phase),
    onGone: ({ name }) => void gone.push(name),
    onTrouble: (problem) => void troubles.push(problem),
    signal: stop.signal,
  });
  await vi.waitFor(() => expect([...known.keys()]).toEqual(['before']), soon);
  await createPod('after', 'sleep 600');
  await vi.waitFor(() => expect(known.get('after')).toBe('Running'), soon);
  await http.json({ method: 'DELETE', path: `${pods}/before` });
  await vi.waitFor(() => expect(gone).toEqual(['before']), soon);
  stop.abort();
  await running;
  // An API server that was too busy for a moment is no trouble any more.
  expect(troubles.at(-1)).toBeUndefined();
});

test('the log of a crashed container is read, before and after its restart, without its secret', async () => {
  const logs = createPodLogs({ http, redact });
  const request = { namespace, container: 'app', tail: 10 };
  const crash = 'exec >&2; echo starting; echo password=hunter22; echo boom; exit 3';
  await createPod('crashed', crash, 'Never');
  // It crashes once: the kubelet keeps the run before only while the present one goes on.
  await createPod('restarted', `mkdir /kept/once 2>/dev/null || exec sleep 600; ${crash}`);
  for (const [pod, previous] of [
    ['crashed', false],
    ['restarted', true],
  ] as const)
    await vi.waitFor(
      async () =>
        expect(await logs.read({ ...request, pod, previous })).toEqual([
          'starting',
          'password=[redacted:password]',
          'boom',
        ]),
      soon,
    );
  await createPod('steady', 'echo up; sleep 600');
  await vi.waitFor(
    async () => expect(await logs.read({ ...request, pod: 'steady', previous: false })).toEqual(['up']),
    soon,
  );
  expect(await logs.read({ ...request, pod: 'steady', previous: true })).toEqual([]);
});

test('a lease passes from one candidate to the next', async () => {
  const order: string[] = [];
  function run(identity: string, signal: AbortSignal): Promise<void> {
    const options = { http, clock: systemClock, random: Math.random, namespace, name: 'watcher', identity };
    return createLeadership(options).run(async (term) => {
      order.push(`${identity} starts`);
      await new Promise<void>((resolve) => {
        term.addEventListener('abort', () => resolve(), { once: true });
      });
      order.push(`${identity} ends`);
    }, signal);
  }
  const stops = [new AbortController(), new AbortController()] as const;
  const first = run('one', stops[0].signal);
  await vi.waitFor(() => expect(order).toEqual(['one starts']), soon);
  const second = run('two', stops[1].signal);
  stops[0].abort();
  await first;
  await vi.waitFor(() => expect(order).toEqual(['one starts', 'one ends', 'two starts']), soon);
  stops[1].abort();
  await second;
});

test('an identity without rights is told which ones to add, and reads on where it may', async () => {
  const poor = await asServiceAccount(http, namespace, 'default');
  const rules = [{ apiGroup: 'apps', resource: 'deployments', verbs: ['get', 'patch'] }];
  expect(await checkAccess(http, { rules, namespaces: [namespace] })).toEqual([]);
  expect(await checkAccess(poor, { rules, namespaces: [namespace] })).toEqual([
    `Lifeguard may not get, patch deployments in namespace ${namespace}; add apiGroups ["apps"], resources ["deployments"], verbs ["get", "patch"] to the Role of namespace ${namespace} bound to its service account.`,
  ]);
  await expect(poor.json({ path: pods })).rejects.toThrow(
    `Lifeguard may not list pods in namespace ${namespace}; add apiGroups [""], resources ["pods"], verbs ["list"] to the Role of namespace ${namespace} bound to system:serviceaccount:${namespace}:default.`,
  );
  expect(await poor.json({ path: '/version' })).toHaveProperty('major');
  await poor.close();
});
