import { expect, vi } from 'vitest';
import { type JsonObject, readArray, readPath, readString } from '../../../src/core/json.ts';
import type { RawAnswer, RawApi, RawRequest } from '../../support/kubernetes/raw-api.ts';
import { soon } from '../../support/patience.ts';

/** An API server and a namespace of it where the contract may do as it likes. */
export interface ApiStage {
  readonly api: RawApi;
  readonly namespace: string;
}

export type Stage = () => ApiStage;

export const jsonPatch = 'application/json-patch+json';
export const mergePatch = 'application/merge-patch+json';
export const strategicPatch = 'application/strategic-merge-patch+json';
export const applyPatch = 'application/apply-patch+yaml';

export const oldImage = 'test.local/app:1.0.0';
export const newImage = 'test.local/app:1.0.1';

/** The path of a collection, or of an object in it. */
export function corePath({ namespace }: ApiStage, plural: string, name?: string): string {
  return `/api/v1/namespaces/${namespace}/${plural}${name === undefined ? '' : `/${name}`}`;
}

export function appsPath({ namespace }: ApiStage, plural: string, name?: string): string {
  return `/apis/apps/v1/namespaces/${namespace}/${plural}${name === undefined ? '' : `/${name}`}`;
}

/** The answer's body; an answer other than 2xx fails the test. */
export async function done({ api }: ApiStage, request: RawRequest): Promise<JsonObject> {
  const { status, body, text } = await api.call(request);
  if (status < 200 || status > 299) throw new Error(`${request.method ?? 'GET'} ${request.path}: ${status} ${text}`);
  return body;
}

export async function createConfigMap(stage: ApiStage, name: string, labels: object = {}): Promise<JsonObject> {
  const body = { metadata: { name, labels }, data: { color: 'red', size: 'small' } };
  return await done(stage, { method: 'POST', path: corePath(stage, 'configmaps'), body });
}

export interface DeploymentWish {
  readonly name: string;
  readonly replicas?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export async function createDeployment(stage: ApiStage, wish: DeploymentWish): Promise<JsonObject> {
  const { name, replicas = 1, env = {}, annotations = {} } = wish;
  const labels = { app: name };
  const entries = Object.entries(env).map(([key, value]) => ({ name: key, value }));
  const spec = {
    terminationGracePeriodSeconds: 1,
    containers: [{ name: 'app', image: oldImage, ...(entries.length === 0 ? {} : { env: entries }) }],
  };
  const body = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels, annotations },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
  return await done(stage, { method: 'POST', path: appsPath(stage, 'deployments'), body });
}

export interface PodWish {
  readonly labels?: Readonly<Record<string, string>>;
  readonly image?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly envFrom?: readonly object[];
  readonly resources?: object;
  readonly initContainers?: readonly object[];
  readonly annotations?: Readonly<Record<string, string>>;
}

export async function createPod(stage: ApiStage, name: string, wish: PodWish): Promise<void> {
  const {
    image = oldImage,
    env = {},
    envFrom = [],
    resources = {},
    initContainers = [],
    annotations = {},
    labels = {},
  } = wish;
  const entries = Object.entries(env).map(([key, value]) => ({ name: key, value }));
  const containers = [{ name: 'app', image, env: entries, envFrom, resources, imagePullPolicy: 'IfNotPresent' }];
  const spec = { containers, initContainers, terminationGracePeriodSeconds: 0, automountServiceAccountToken: false };
  // The service account of a new namespace comes a moment after it.
  await eventually(() =>
    done(stage, {
      method: 'POST',
      path: corePath(stage, 'pods'),
      body: { metadata: { name, annotations, labels }, spec },
    }),
  );
}

/** Creates it and waits until it is ready. */
export async function readyPod(stage: ApiStage, name: string, wish: PodWish): Promise<JsonObject> {
  await createPod(stage, name, wish);
  return await eventually(async () => {
    const pod = await done(stage, { path: corePath(stage, 'pods', name) });
    const ready = readArray(pod, 'status', 'conditions').find((one) => readString(one, 'type') === 'Ready');
    expect(readString(ready, 'status')).toBe('True');
    return pod;
  });
}

export async function readDeployment(stage: ApiStage, name: string): Promise<JsonObject> {
  return await done(stage, { path: appsPath(stage, 'deployments', name) });
}

export async function itemsOf(stage: ApiStage, path: string): Promise<readonly unknown[]> {
  return readArray(await done(stage, { path }), 'items');
}

/** Waits until the newest template runs everywhere. */
export async function rolledOut(stage: ApiStage, name: string): Promise<JsonObject> {
  return await eventually(async () => {
    const raw = await readDeployment(stage, name);
    const wanted = readPath(raw, 'spec', 'replicas');
    expect(readPath(raw, 'status', 'observedGeneration')).toBe(readPath(raw, 'metadata', 'generation'));
    for (const count of ['replicas', 'updatedReplicas', 'availableReplicas']) {
      expect(readPath(raw, 'status', count)).toBe(wanted);
    }
    return raw;
  });
}

/** Checks again and again until nothing is wrong. */
export async function eventually<T>(check: () => Promise<T>): Promise<T> {
  return await vi.waitFor(check, soon);
}

export function nameOf(raw: unknown): string {
  return readString(raw, 'metadata', 'name') ?? '';
}

export function versionOf(raw: unknown): string {
  return readString(raw, 'metadata', 'resourceVersion') ?? '';
}

/** The parts of a `Status` that clients rely on. */
export function statusOf({ status, body }: RawAnswer): object {
  const { kind, apiVersion, reason, message, code, details } = body;
  return { http: status, kind, apiVersion, status: body['status'], reason, message, code, details };
}

export function failure(code: number, reason: string, message: string, details?: object): object {
  return { http: code, kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, message, code, details };
}
