import { writeFile } from 'node:fs/promises';
import { isJsonObject, type JsonObject, readArray } from '../../src/core/json.ts';
import { type Access, createAccess } from './access.ts';
import { type ApiTools, answerRequest } from './api.ts';
import { type AuditEntry, createAudit } from './audit.ts';
import { addBulkPods, type BulkPods } from './bulk-pods.ts';
import { createCertificate } from './certificate.ts';
import { startControllers } from './controllers/start.ts';
import { createEventRecorder } from './event-recorder.ts';
import { type ClusterFaults, createFaultSwitches, type FaultSwitches } from './faults.ts';
import { impersonate } from './impersonation.ts';
import { Kubelet } from './kubelet.ts';
import { sendLog } from './log-sender.ts';
import { openLog } from './logs.ts';
import { applyManifest, readJson, removeJson } from './manifests.ts';
import { createReads, type Reads } from './reads.ts';
import { seedCluster } from './seed.ts';
import { type ApiServer, startServer } from './server.ts';
import { createStore, type Store } from './store.ts';
import { createTimers } from './timers.ts';
import { createTokens, kubeconfigText, type Tokens } from './tokens.ts';
import { createWatches, type Watches } from './watches.ts';
import { createWrites } from './writes.ts';

export interface ClusterOptions {
  /** Default: any free port. */
  readonly port?: number;
  /** Factor on the restart delays (10 s doubling to 300 s). Default 1. */
  readonly backoff?: number;
  /** Milliseconds until a container runs. Default 300. */
  readonly startMs?: number;
  readonly nodes?: number;
  /** Milliseconds between bookmarks of a watch. Default one minute. */
  readonly bookmarkMs?: number;
  /** Everything is dated so many milliseconds before it was created. Default 0. */
  readonly agedMs?: number;
}

/** A Kubernetes API on loopback, with controllers and a kubelet that only pretends. */
export interface SimulatedCluster {
  readonly url: string;
  /** The text of a kubeconfig file, with the administrator's present token. */
  readonly kubeconfig: string;
  /** Writes the kubeconfig; a rotated token is written to the same file. */
  writeKubeconfig(path: string): Promise<void>;
  /** Creates an object or merges it into the one that exists, its status included; answers it as stored. */
  apply(manifest: JsonObject): JsonObject;
  /** The object at an API path; undefined where there is none. */
  get(path: string): JsonObject | undefined;
  list(path: string): readonly JsonObject[];
  /** Removes the object at an API path, as a person would; nothing happens where there is none. */
  remove(path: string): void;
  /** Every request so far, oldest first. */
  requests(): readonly AuditEntry[];
  readonly faults: ClusterFaults;
  bulkPods(count: number): BulkPods;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts the cluster; see `ClusterOptions` for what may be chosen. */
export async function startSimulatedCluster(options: ClusterOptions = {}): Promise<SimulatedCluster> {
  const parts = createParts(options);
  const { store, writes, timers, tokens, watches, switches, audit } = parts;
  const certificate = await createCertificate();
  const tools = { certificate, tokens, faults: switches, audit };
  const server = await startServer(
    {
      ...tools,
      impersonate: (requester, headers) => impersonate(parts.access, requester, headers),
      answer: (request) => answerRequest(parts.api, request),
      watch: (watching, query, response) => watches.open(watching, query, response),
      log: sendLog,
    },
    options.port ?? 0,
  );
  const files = new Set<string>();
  function kubeconfig(): string {
    return kubeconfigText(server.url, certificate.cert, tokens.admin());
  }
  async function writeFiles(): Promise<void> {
    await Promise.all([...files].map((path) => writeFile(path, kubeconfig(), { mode: 0o600 })));
  }
  const { faults, stopFaults } = createFaults(parts, server, writeFiles);
  async function stop(): Promise<void> {
    stopFaults();
    timers.stop();
    watches.close();
    await server.stop();
  }
  return {
    url: server.url,
    get kubeconfig() {
      return kubeconfig();
    },
    async writeKubeconfig(path) {
      files.add(path);
      await writeFiles();
    },
    apply: (manifest) => applyManifest(store, writes, manifest),
    get: (path) => readJson(parts.api, path),
    list: (path) => readArray(readJson(parts.api, path), 'items').filter((item) => isJsonObject(item)),
    remove: (path) => removeJson(parts.api, path),
    requests: () => audit.entries(),
    faults,
    bulkPods: (count) => addBulkPods(store, writes, count),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function createParts({ backoff = 1, startMs = 300, nodes = 3, bookmarkMs = 60_000, agedMs = 0 }: ClusterOptions) {
  const store = createStore();
  const writes = createWrites(store, agedMs);
  const timers = createTimers();
  const record = createEventRecorder(store, writes);
  const kubelet = new Kubelet({ store, timers, record, startMs, backoff });
  startControllers({ store, writes, timers, record });
  seedCluster(store, writes, nodes);
  const access = createAccess(store);
  const reads = createReads(store);
  const tokens = createTokens();
  const api: ApiTools = {
    store,
    writes,
    reads,
    access,
    openLog: (target, query) => openLog({ store, kubelet }, target, query),
    issueToken: (target) => tokens.issue(target),
  };
  const watches = createWatches(store, { bookmarkMs });
  const parts = { store, writes, timers, access, reads, tokens, api, watches };
  return { ...parts, audit: createAudit(), switches: createFaultSwitches() };
}

interface Breakable {
  readonly store: Store;
  readonly reads: Reads;
  readonly watches: Watches;
  readonly tokens: Tokens;
  readonly access: Access;
  readonly switches: FaultSwitches;
}

function createFaults(parts: Breakable, server: ApiServer, writeFiles: () => Promise<void>) {
  const { store, reads, watches, tokens, access, switches } = parts;
  let resets: NodeJS.Timeout | undefined;
  const faults: ClusterFaults = {
    resetWatches: () => watches.reset(),
    resetWatchesEvery(ms) {
      clearInterval(resets);
      resets = ms === null ? undefined : setInterval(() => watches.reset(), ms);
    },
    failNext: (fault) => switches.failNext(fault),
    expireToken: () => tokens.expire(),
    async rotateToken() {
      tokens.rotate();
      await writeFiles();
    },
    unreachable(on) {
      switches.unreachable(on);
      if (on) server.cut();
    },
    expireHistory() {
      store.forgetHistory();
      reads.forgetLists();
    },
    slow: (ms) => switches.slow(ms),
    forbid: (rule) => access.forbid(rule),
  };
  return { faults, stopFaults: () => clearInterval(resets) };
}
