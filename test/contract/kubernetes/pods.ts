import { describe, expect, test } from 'vitest';
import { type JsonObject, readArray, readNumber, readPath, readString } from '../../../src/core/json.ts';
import {
  corePath,
  createPod,
  done,
  eventually,
  failure,
  itemsOf,
  newImage,
  oldImage,
  type Stage,
  statusOf,
} from './stage.ts';

/** What becomes of a container that crashes again and again. It does not wait after its first crash. */
const story = [
  'none',
  'waiting ContainerCreating, last none, 0 restarts, not ready, Pending',
  ...[0, 1, 2, 3, 4].flatMap((restarts) => {
    const past = `last ${restarts === 0 ? 'none' : 'Error 3'}, ${restarts} restarts`;
    return [
      `running, ${past}, ready, Running`,
      `terminated Error 3, ${past}, not ready, Running`,
      ...(restarts === 0 ? [] : [`waiting CrashLoopBackOff, ${past}, not ready, Running`]),
    ];
  }),
];

export function describePods(name: string, stage: Stage): void {
  describe.concurrent(`${name}: a container that crashes`, () => {
    test('is restarted at once, then waits, and its last run can be read', async () => {
      const since = readString(await done(stage(), { path: corePath(stage(), 'pods') }), 'metadata', 'resourceVersion');
      await createPod(stage(), 'crashing', {
        env: { CRASH_AFTER_S: '2', EXIT_CODE: '3', CRASH_LOG: 'cannot reach database' },
      });
      const path = `${corePath(stage(), 'pods')}?watch=true&resourceVersion=${since}&fieldSelector=metadata.name%3Dcrashing&timeoutSeconds=120`;
      const events = await stage().api.watch(path, ({ object }) =>
        shape(object).startsWith('waiting CrashLoopBackOff'),
      );
      const shapes = events.map(({ object }) => shape(object)).filter((one, index, all) => one !== all[index - 1]);
      // A kubelet that is busy reports the newest state and leaves out what it passed through.
      expect(shapes).toEqual(story.filter((one) => shapes.includes(one)));
      const pod = events.at(-1)?.object ?? {};
      const { uid } = { uid: readString(pod, 'metadata', 'uid') };
      const wait = 10 * 2 ** ((readNumber(containerOf(pod), 'restartCount') ?? 0) - 1);
      expect(readString(containerOf(pod), 'state', 'waiting', 'message')).toBe(
        `back-off ${wait}s restarting failed container=app pod=crashing_${stage().namespace}(${uid})`,
      );
      const last = readPath(containerOf(pod), 'lastState', 'terminated');
      expect(Date.parse(readString(last, 'finishedAt') ?? '')).toBeGreaterThan(
        Date.parse(readString(last, 'startedAt') ?? ''),
      );
      const log = `${corePath(stage(), 'pods', 'crashing')}/log`;
      const whole = /^\S+Z INFO app 1\.0\.0 starting\n\S+Z FATAL cannot reach database\n$/;
      const lastLine = /^\S+Z FATAL cannot reach database\n$/;
      const readable = [
        ['', whole],
        ['?previous=true', whole],
        ['?container=app&tailLines=2', whole],
        ['?tailLines=1', lastLine],
      ] as const;
      // It waits for seconds, and what is the run before changes with each restart.
      for (const [query, text] of readable)
        await eventually(async () => {
          expect(await stage().api.call({ path: `${log}${query}` })).toMatchObject({
            status: 200,
            text: expect.stringMatching(text),
          });
        });
    });

    test('is told about in Events', async () => {
      await createPod(stage(), 'noisy', { env: { CRASH_AFTER_S: '1' } });
      const path = `/apis/events.k8s.io/v1/namespaces/${stage().namespace}/events`;
      const event = await eventually(async () => {
        const found = (await itemsOf(stage(), path)).filter((one) => readString(one, 'regarding', 'name') === 'noisy');
        const reasons = found.map((one) => readString(one, 'reason'));
        expect(reasons).toEqual(expect.arrayContaining(['Scheduled', 'Pulled', 'Created', 'Started', 'BackOff']));
        return found.find((one) => readString(one, 'reason') === 'BackOff');
      });
      expect(event).toMatchObject({
        type: 'Warning',
        regarding: {
          kind: 'Pod',
          namespace: stage().namespace,
          name: 'noisy',
          apiVersion: 'v1',
          fieldPath: 'spec.containers{app}',
        },
        reportingController: 'kubelet',
        deprecatedSource: { component: 'kubelet' },
      });
      expect(readString(event, 'note')).toMatch(/^Back-off restarting failed container app in pod noisy_/);
      expect(readNumber(event, 'deprecatedCount')).toBeGreaterThan(0);
    });

    test('out of memory says so', async () => {
      await createPod(stage(), 'leaking', { env: { LEAK_MB_PER_S: '40' }, resources: { limits: { memory: '64Mi' } } });
      await eventually(async () => {
        const pod = await done(stage(), { path: corePath(stage(), 'pods', 'leaking') });
        expect(readPath(containerOf(pod), 'lastState', 'terminated')).toMatchObject({
          exitCode: 137,
          reason: 'OOMKilled',
        });
      });
    });
  });

  describe.concurrent(`${name}: a pod`, () => {
    test('whose image cannot be pulled waits', async () => {
      await createPod(stage(), 'imageless', { image: 'missing.local/app:9' });
      await eventually(async () => {
        const pod = await done(stage(), { path: corePath(stage(), 'pods', 'imageless') });
        expect(readString(containerOf(pod), 'state', 'waiting', 'reason')).toBe('ImagePullBackOff');
        expect(readString(containerOf(pod), 'state', 'waiting', 'message')).toMatch(
          /^Back-off pulling image "missing.local\/app:9": ErrImagePull: /,
        );
        expect(readString(pod, 'status', 'phase')).toBe('Pending');
      });
      // Between two tries it says another thing for a moment.
      await eventually(async () => {
        const refused = await stage().api.call({ path: `${corePath(stage(), 'pods', 'imageless')}/log` });
        const message = 'container "app" in pod "imageless" is waiting to start: trying and failing to pull image';
        expect(statusOf(refused)).toEqual(failure(400, 'BadRequest', message));
      });
    });

    test('whose configuration is missing waits for it', async () => {
      await createPod(stage(), 'unconfigured', { envFrom: [{ configMapRef: { name: 'settings' } }] });
      await eventually(async () => {
        const pod = await done(stage(), { path: corePath(stage(), 'pods', 'unconfigured') });
        expect(readPath(containerOf(pod), 'state', 'waiting')).toEqual({
          reason: 'CreateContainerConfigError',
          message: 'configmap "settings" not found',
        });
      });
    });

    test('with a failing init container does not get further', async () => {
      const setup = {
        name: 'setup',
        image: oldImage,
        env: [
          { name: 'CRASH_AFTER_S', value: '1' },
          { name: 'EXIT_CODE', value: '4' },
        ],
      };
      const annotations = { 'sim.lifeguard.dev/init-crash-after': '1s' };
      await createPod(stage(), 'half-begun', { initContainers: [setup], annotations });
      await eventually(async () => {
        const pod = await done(stage(), { path: corePath(stage(), 'pods', 'half-begun') });
        const [init] = readArray(pod, 'status', 'initContainerStatuses');
        expect(readString(init, 'state', 'waiting', 'reason')).toBe('CrashLoopBackOff');
        expect(readString(containerOf(pod), 'state', 'waiting', 'reason')).toBe('PodInitializing');
        expect(readString(pod, 'status', 'phase')).toBe('Pending');
      });
    });

    test('that is ready says so in its conditions; its image may be changed, its environment not', async () => {
      await createPod(stage(), 'steady', {});
      await eventually(async () => {
        const pod = await done(stage(), { path: corePath(stage(), 'pods', 'steady') });
        expect(readString(pod, 'status', 'phase')).toBe('Running');
        const conditions = readArray(pod, 'status', 'conditions').map(
          (one) => `${readString(one, 'type')}=${readString(one, 'status')}`,
        );
        expect(conditions.toSorted()).toEqual([
          'ContainersReady=True',
          'Initialized=True',
          'PodReadyToStartContainers=True',
          'PodScheduled=True',
          'Ready=True',
        ]);
      });
      const path = corePath(stage(), 'pods', 'steady');
      const refused = await stage().api.call({
        method: 'PATCH',
        path,
        body: [{ op: 'add', path: '/spec/containers/0/env', value: [{ name: 'A', value: '1' }] }],
        contentType: 'application/json-patch+json',
      });
      expect([refused.status, refused.body['reason']]).toEqual([422, 'Invalid']);
      const body = [{ op: 'replace', path: '/spec/containers/0/image', value: newImage }];
      const changed = await done(stage(), {
        method: 'PATCH',
        path: `${path}?dryRun=All`,
        body,
        contentType: 'application/json-patch+json',
      });
      expect(readString(readArray(changed, 'spec', 'containers')[0], 'image')).toBe(newImage);
      const { status, body: answer } = await stage().api.call({ path: `${path}/log?previous=true` });
      expect([status, answer['message']]).toEqual([
        400,
        'previous terminated container "app" in pod "steady" not found',
      ]);
    });
  });
}

function containerOf(pod: JsonObject): unknown {
  return readArray(pod, 'status', 'containerStatuses')[0];
}

/** What the status says about the container, in short. */
function shape(pod: JsonObject): string {
  const container = containerOf(pod);
  if (container === undefined) return 'none';
  const last = terminated(readPath(container, 'lastState', 'terminated'));
  const ready = readPath(container, 'ready') === true ? 'ready' : 'not ready';
  const restarts = `${readNumber(container, 'restartCount')} restarts`;
  return [stateOf(container), `last ${last}`, restarts, ready, readString(pod, 'status', 'phase')].join(', ');
}

function stateOf(container: unknown): string {
  const waiting = readString(container, 'state', 'waiting', 'reason');
  if (waiting !== undefined) return `waiting ${waiting}`;
  const ended = readPath(container, 'state', 'terminated');
  return ended === undefined ? 'running' : `terminated ${terminated(ended)}`;
}

function terminated(state: unknown): string {
  return state === undefined ? 'none' : `${readString(state, 'reason')} ${readNumber(state, 'exitCode')}`;
}
