import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs, promisify } from 'node:util';
import jsonPatch from 'fast-json-patch';
import { describeError } from '../src/core/errors.ts';
import { isJsonObject, type JsonObject, readArray, readObject, readPath, readString } from '../src/core/json.ts';
import { createClusterReader } from '../src/platform/kubernetes/cluster-reader.ts';
import { loadCredentials } from '../src/platform/kubernetes/credentials.ts';
import { createHttpClient } from '../src/platform/kubernetes/http-client.ts';
import { systemClock } from '../src/platform/system/clock.ts';
import type { Source } from '../src/signals/source.ts';
import { chooseSources } from '../src/signals/sources/index.ts';
import type { Case, Manifest } from '../test/scenarios/cases/case.ts';
import { allCases } from '../test/scenarios/cases/index.ts';
import { pause } from './figures.ts';

const usage = `Usage: node bench/record.ts [--at-once N] CASE...|all
  Makes each case on the cluster of KUBECONFIG, in a namespace of its own, and writes what the API says of it to
  test/scenarios/streams/CASE.jsonl. Needs kubectl, and images busybox:1.36 on the nodes.`;

const run = promisify(execFile);
const folder = new URL('../test/scenarios/streams/', import.meta.url);

/** What no detector reads, and only makes a stream large. */
const boring = ['managedFields', 'resourceVersion', 'selfLink'];
const unseen = ['images', 'nodeInfo', 'addresses', 'daemonEndpoints'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'at-once': { type: 'string', default: '5' } },
});

interface Line {
  readonly at: number;
  readonly source: string;
  readonly uid: string;
  readonly object?: JsonObject;
  readonly patch?: readonly object[];
  readonly gone?: true;
}

async function record(one: Case): Promise<void> {
  const namespace = `rec-${one.id}`;
  const http = createHttpClient(
    await loadCredentials({ kubeconfig: process.env['KUBECONFIG'] ?? '', now: () => Date.now() }),
  );
  const reader = createClusterReader({ http, clock: systemClock, random: Math.random });
  const stop = new AbortController();
  const lines: Line[] = [];
  const newest = new Map<string, JsonObject>();
  await kubectl(['create', 'namespace', namespace]);
  const startedAt = Date.now();

  function note(source: Source, raw: JsonObject, gone: boolean): void {
    if (!concerns(raw, namespace)) return;
    const object = trim(raw);
    const uid = readString(raw, 'metadata', 'uid') ?? '';
    const before = newest.get(uid);
    const head = { at: Date.now() - startedAt, source: source.id, uid };
    newest.set(uid, object);
    if (gone) lines.push({ ...head, gone: true });
    else if (before === undefined) lines.push({ ...head, object });
    else {
      const patch = jsonPatch.compare(before, object);
      if (patch.length > 0) lines.push({ ...head, patch });
    }
  }

  const watching = chooseSources({ watchCertificates: false }).map((source) => {
    const path = source.path(source.path(namespace) === source.path(undefined) ? undefined : namespace);
    return reader.watch<JsonObject>({
      collection: { path },
      slim: (raw) => raw,
      onList: (items) => items.forEach((raw) => note(source, raw, false)),
      onSeen: (raw) => note(source, raw, false),
      onGone: (raw) => note(source, raw, true),
      onTrouble: () => undefined,
      onAbsent: () => undefined,
      signal: stop.signal,
    });
  });
  await pause(1_000);
  try {
    await apply(one.objects, namespace);
    for (const { after, apply: objects = [], kubectl: words } of one.later ?? []) {
      await pause(Math.max(0, startedAt + 1_000 + after * 1_000 - Date.now()));
      await apply(objects, namespace);
      if (words !== undefined) await kubectl(['-n', namespace, ...words.replace('NAMESPACE', namespace).split(' ')]);
    }
    await pause(Math.max(0, startedAt + 1_000 + one.seconds * 1_000 - Date.now()));
  } finally {
    stop.abort();
    await Promise.all(watching);
    await http.close();
    await tidyUp(one, namespace);
  }
  const header = { id: one.id, startedAt, recordedFor: one.seconds };
  await mkdir(folder, { recursive: true });
  await writeFile(
    new URL(`${one.id}.jsonl`, folder),
    [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join(''),
  );
  process.stdout.write(`${one.id}: ${lines.length} lines\n`);
}

/** Objects of the namespace, nodes, and cluster-wide objects of the case's own name. */
function concerns(raw: JsonObject, namespace: string): boolean {
  const own = readString(raw, 'metadata', 'namespace');
  const name = readString(raw, 'metadata', 'name') ?? '';
  if (own !== undefined) return own === namespace;
  return (
    name === namespace || readString(raw, 'kind') === 'Node' || isJsonObject(readObject(raw, 'status')['nodeInfo'])
  );
}

function trim(raw: JsonObject): JsonObject {
  const metadata = readObject(raw, 'metadata');
  const kept = Object.fromEntries(Object.entries(metadata).filter(([key]) => !boring.includes(key)));
  const annotations = Object.entries(readObject(metadata, 'annotations')).filter(
    ([key]) => !key.startsWith('kubectl.kubernetes.io/last'),
  );
  const scaled = fieldsOf(metadata).flatMap(readScaler);
  const writers = scaled.length === 0 ? {} : { managedFields: scaled };
  const { status, ...rest } = raw;
  const keptStatus = isJsonObject(status) ? { status: without(status, unseen) } : {};
  const trimmed: unknown = {
    ...rest,
    ...keptStatus,
    metadata: { ...kept, ...writers, annotations: Object.fromEntries(annotations) },
  };
  return isJsonObject(trimmed) ? trimmed : raw;
}

function without(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** Who owns the number of replicas, and since when: all that is read of field managers. */
function readScaler({ manager, operation, time, fieldsV1 }: JsonObject): readonly JsonObject[] {
  const owned = readPath(fieldsV1, 'f:spec', 'f:replicas') !== undefined;
  return owned ? [{ manager, operation, time, fieldsV1: { 'f:spec': { 'f:replicas': {} } } }] : [];
}

function fieldsOf(metadata: JsonObject): readonly JsonObject[] {
  return readArray(metadata, 'managedFields').filter(isJsonObject);
}

async function apply(objects: readonly Manifest[], namespace: string): Promise<void> {
  for (const object of objects) {
    const child = run('kubectl', ['apply', '-n', namespace, '-f', '-']);
    child.child.stdin?.end(JSON.stringify(object));
    await child.catch((error: unknown) => process.stderr.write(`${describeError(error)}\n`));
  }
}

async function kubectl(words: readonly string[]): Promise<void> {
  await run('kubectl', [...words]).catch((error: unknown) => process.stderr.write(`${describeError(error)}\n`));
}

async function tidyUp({ objects, later = [] }: Case, namespace: string): Promise<void> {
  const all = [...objects, ...later.flatMap(({ apply: more = [] }) => more)];
  for (const { kind, metadata } of all) {
    if (kind === 'ValidatingWebhookConfiguration' || kind === 'StorageClass')
      await kubectl(['delete', String(kind), readString(metadata, 'name') ?? '', '--ignore-not-found']);
  }
  for (const what of ['pod/held', 'pvc/held'])
    await run('kubectl', [
      '-n',
      namespace,
      'patch',
      what,
      '--type=merge',
      '-p',
      '{"metadata":{"finalizers":null}}',
    ]).catch(() => undefined);
  await kubectl(['delete', 'namespace', namespace, '--wait=false']);
}

const wanted = positionals.includes('all') ? allCases : allCases.filter(({ id }) => positionals.includes(id));
if (wanted.length === 0) {
  process.stderr.write(`${usage}\n`);
  process.exitCode = 2;
}
const queue = [...wanted];
async function work(): Promise<void> {
  for (let next = queue.shift(); next !== undefined; next = queue.shift())
    await record(next).catch((error: unknown) => process.stderr.write(`record: ${describeError(error)}\n`));
}
await Promise.all(Array.from({ length: Number(values['at-once']) }, () => work()));
