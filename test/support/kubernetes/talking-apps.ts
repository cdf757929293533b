import { setTimeout as pause } from 'node:timers/promises';
import { type JsonObject, readArray, readNumber, readString } from '../../../src/core/json.ts';
import type { LogOrigin } from '../../../src/core/log-record.ts';
import type { HttpClient } from '../../../src/platform/kubernetes/http-client.ts';
import { createLogFollower } from '../../../src/platform/kubernetes/log-follower.ts';
import { systemClock } from '../../../src/platform/system/clock.ts';

export interface TalkingApp {
  readonly name: string;
  /** Knobs of the test image. */
  readonly env?: Readonly<Record<string, string>>;
  /** Instead of the test image: what a shell does. */
  readonly script?: string;
  /** Ports of a Service that is called as the app is. */
  readonly ports?: readonly number[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** One line that a container wrote, as a collector sees it. */
export interface CollectedLine {
  readonly app: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly text: string;
}

/** Workloads of one namespace of a real cluster whose logs matter. */
export function createTalkingApps(http: HttpClient, namespace: string) {
  const core = `/api/v1/namespaces/${namespace}`;
  const post = (path: string, body: JsonObject) => http.json({ method: 'POST', path, body: JSON.stringify(body) });

  async function podsOf(app?: string): Promise<readonly string[]> {
    const query = app === undefined ? {} : { labelSelector: `app=${app}` };
    const pods = readArray(await http.json({ path: `${core}/pods`, query }), 'items');
    const running = pods.filter((pod) => readString(pod, 'status', 'phase') === 'Running');
    return running.flatMap((pod) => readString(pod, 'metadata', 'name') ?? []);
  }

  return {
    podsOf,
    async run(app: TalkingApp): Promise<void> {
      await post(`/apis/apps/v1/namespaces/${namespace}/deployments`, deploymentOf(app));
      if (app.ports === undefined) return;
      const ports = app.ports.map((port) => ({ name: `p${port}`, port }));
      const spec = { selector: { app: app.name }, ports };
      await post(`${core}/services`, { apiVersion: 'v1', kind: 'Service', metadata: { name: app.name }, spec });
    },
    async untilReady(count: number): Promise<void> {
      for (let ready = 0; ready < count; await pause(250)) {
        const items = readArray(
          await http.json({ path: `/apis/apps/v1/namespaces/${namespace}/deployments` }),
          'items',
        );
        ready = items.filter((one) => readNumber(one, 'status', 'readyReplicas') === 1).length;
      }
    },
    /** Turns knobs of an app of the test image while it runs. */
    async set(app: string, knobs: Readonly<Record<string, string>>): Promise<void> {
      for (const pod of await podsOf(app))
        await http.text({ method: 'POST', path: `${core}/pods/${pod}:8080/proxy/set`, query: knobs });
    },
    /** Follows all pods there are and will be, as a collector does, until `signal` aborts. */
    async collect(onLines: (origin: LogOrigin, lines: readonly CollectedLine[]) => Promise<void>, signal: AbortSignal) {
      const follower = createLogFollower({ http, clock: systemClock, random: Math.random });
      const followed = new Map<string, Promise<void>>();
      const sent: Promise<void>[] = [];
      const follow = (pod: string) => {
        const origin = { namespace, pod, container: 'app' };
        const app = pod.split('-').slice(0, -2).join('-');
        return follower.follow({
          origin,
          from: 0,
          signal,
          onLines(lines) {
            const collected = lines.map(({ at, text }) => ({ app, at, text }));
            sent.push(onLines(origin, collected));
          },
          onTrouble: () => undefined,
        });
      };
      while (!signal.aborted) {
        for (const pod of await podsOf().catch(() => [])) if (!followed.has(pod)) followed.set(pod, follow(pod));
        await pause(500);
      }
      await Promise.all(followed.values());
      await Promise.all(sent);
    },
  };
}

/** A busy machine makes nothing unready. */
const readinessProbe = { httpGet: { path: '/readyz', port: 8080 }, periodSeconds: 1, timeoutSeconds: 10 };

function deploymentOf({ name, env = {}, script, annotations = {} }: TalkingApp): JsonObject {
  const labels = { app: name };
  const said = { name: 'app', env: Object.entries(env).map(([key, value]) => ({ name: key, value })) };
  const container =
    script === undefined
      ? { ...said, image: 'test.local/app:1.0.0', readinessProbe }
      : { ...said, image: 'busybox:1.36', command: ['sh', '-c', script] };
  const template = {
    metadata: { labels, annotations },
    spec: { terminationGracePeriodSeconds: 1, containers: [{ ...container, imagePullPolicy: 'IfNotPresent' }] },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { replicas: 1, selector: { matchLabels: labels }, template },
  };
}
