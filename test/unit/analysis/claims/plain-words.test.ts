import { describe, expect, it } from 'vitest';
import { faultOf } from '../../../../src/analysis/claims/check.ts';
import type { Fault } from '../../../../src/analysis/claims/fault.ts';
import type { Evidence } from '../../../../src/core/evidence.ts';
import { anEvidence, anIncident } from '../../../support/builders.ts';

/** One piece of evidence for each kind of trouble, by what it is about. */
const pieces: Readonly<Record<string, Pick<Evidence, 'kind' | 'source' | 'text'>>> = {
  heap: {
    kind: 'log',
    source: 'log of shop/orders-6c9f, container app, the run that crashed',
    text: 'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space\n  at com.shop.orders.Cache.fill(Cache.java:88)',
  },
  killed: {
    kind: 'status',
    source: 'shop/orders',
    text: 'Container app was killed because it used more than its memory limit of 256Mi (OOMKilled, exit code 137); it crashed 4 times.',
  },
  pull: {
    kind: 'event',
    source: 'Events of shop/cart',
    text: 'Failed (6x): Failed to pull image "registry.example.com/cart:2.4.0": manifest unknown: manifest unknown\nBackOff (9x): Back-off pulling image "registry.example.com/cart:2.4.0"',
  },
  pending: {
    kind: 'event',
    source: 'Events of shop/search-0',
    text: 'FailedScheduling (14x): 0/3 nodes are available: 1 node(s) had untolerated taint {dedicated: gpu}, 2 Insufficient memory.',
  },
  claim: {
    kind: 'event',
    source: 'Events of PersistentVolumeClaim shop/data',
    text: 'ProvisioningFailed (20x): storageclass.storage.k8s.io "fast-ssd" not found',
  },
  probe: {
    kind: 'event',
    source: 'Events of shop/api',
    text: 'Unhealthy (31x): Readiness probe failed: Get "http://10.1.4.7:8081/healthz": dial tcp 10.1.4.7:8081: connect: connection refused\nKilling (3x): Container api failed liveness probe, will be restarted',
  },
  tls: {
    kind: 'log',
    source: 'log of shop/gateway-5d4, container proxy',
    text: '2026-03-02T09:12:44Z ERROR upstream billing: x509: certificate has expired or is not yet valid: current time 2026-03-02T09:12:44Z is after 2026-03-01T23:59:59Z',
  },
  dns: {
    kind: 'log',
    source: 'log of shop/mailer-77b, container app',
    text: 'dial tcp: lookup smtp.internal on 10.96.0.10:53: no such host\nretry 5/5 failed, giving up',
  },
  password: {
    kind: 'log',
    source: 'log of shop/users-84f, container app',
    text: 'FATAL: password authentication failed for user "users_rw"\nFATAL: connection pool could not be filled, shutting down',
  },
  pool: {
    kind: 'pattern',
    source: 'patterns of shop/orders',
    text: '812 lines since 14:02: timeout waiting for a connection from pool (20/20 in use) (new)',
  },
  latency: {
    kind: 'metric',
    source: 'request duration of shop/api',
    text: '“duration_ms” is 4800 ms, 120 ms before (never beyond 300 ms), since 14:02 UTC.',
  },
  silence: {
    kind: 'pattern',
    source: 'patterns of shop/sync',
    text: '“synced <*> orders” came every 30 s and has not come since 13:40 UTC; the pod runs and is ready.',
  },
  disk: {
    kind: 'log',
    source: 'log of shop/db-0, container postgres',
    text: 'PANIC: could not write to file "pg_wal/xlogtemp.52": No space left on device\nLOG: database system is shut down',
  },
  usage: { kind: 'metric', source: 'volume data-db-0 of shop/db', text: 'The volume is 100 % full, 20 GiB of 20 GiB.' },
  migration: {
    kind: 'log',
    source: 'log of shop/users-migrate-x1, container migrate',
    text: 'ERROR: relation "accounts" does not exist (SQLSTATE 42P01) in migration 0042_rename.sql\nmigration failed, schema is dirty at version 42',
  },
  release: {
    kind: 'change',
    source: 'revision 7 -> 8 of shop/api',
    text: 'image of app: shop/api:3.1.0 -> shop/api:3.2.0\nenv CACHE_TTL of app: 60s -> 0s\nmemory limit of app: 512Mi -> 256Mi',
  },
  node: {
    kind: 'status',
    source: 'Node worker-2',
    text: 'Node worker-2 is NotReady since 11:20 UTC: Kubelet stopped posting node status. 9 pods ran there.',
  },
  env: {
    kind: 'log',
    source: 'log of shop/worker-9c, container app',
    text: 'KeyError: \'QUEUE_URL\'\n  File "/app/main.py", line 12, in <module>',
  },
  quota: {
    kind: 'event',
    source: 'Events of ReplicaSet shop/web-5f',
    text: 'FailedCreate (7x): pods "web-5f-" is forbidden: exceeded quota: team, requested: limits.memory=1Gi, used: limits.memory=8Gi, limited: limits.memory=8Gi',
  },
  limited: {
    kind: 'log',
    source: 'log of shop/feed-1a, container app',
    text: 'WARN 429 Too Many Requests from api.partner.example, retry after 30s',
  },
};
const ids = Object.keys(pieces);
const evidence = Object.values(pieces).map((piece, index) => anEvidence({ id: `E${index + 1}`, ...piece }));
const basis = { evidence, incident: anIncident() };

function faultIn(text: string, cited: string): Fault | undefined {
  return faultOf({ text, evidence: cited.split(' ').map((one) => `E${ids.indexOf(one) + 1}`) }, basis);
}

describe('what a good model writes in plain words is not lost', () => {
  it.each([
    ['The app runs out of Java heap space while it fills its cache.', 'heap'],
    [
      'The JVM throws an OutOfMemoryError, and Kubernetes kills the container at its memory limit of 256Mi.',
      'heap killed',
    ],
    ['Cache.fill is the last frame of the stack trace, so the cache probably grows without bound.', 'heap'],
    ['The container was OOMKilled with exit code 137 and has crashed 4 times.', 'killed'],
    ['Memory usage exceeds the 256Mi limit shortly after every start.', 'killed'],
    ['Kubernetes cannot pull the image registry.example.com/cart:2.4.0 because its manifest is unknown.', 'pull'],
    ['The tag 2.4.0 does not exist in the registry, so the new pods never start.', 'pull'],
    ['The kubelet keeps retrying the pull and backs off between attempts.', 'pull'],
    ['The image may have been tagged differently or never pushed.', 'pull'],
    ['The pod cannot be scheduled: two nodes lack memory and one has a taint that it does not tolerate.', 'pending'],
    ['No node fits: 2 have insufficient memory and 1 is reserved by the taint dedicated: gpu.', 'pending'],
    ['Scheduling has been tried 14 times without success.', 'pending'],
    ['The volume claim stays unbound, as the storage class fast-ssd is not there.', 'claim'],
    ['Provisioning fails because the storage class "fast-ssd" was not found.', 'claim'],
    ['The storage class may have been renamed or was never installed in this cluster.', 'claim'],
    ['The readiness probe cannot connect to port 8081, where nothing seems to listen.', 'probe'],
    ['Container api was killed 3 times because it failed its liveness probe.', 'probe'],
    ['The health endpoint /healthz refuses connections, so the pod receives no traffic.', 'probe'],
    ['The app might take too long to open its port after startup.', 'probe'],
    ['The certificate of the billing upstream has expired, so TLS connections to it fail.', 'tls'],
    ['Calls to billing are rejected: its certificate was valid until 2026-03-01T23:59:59Z.', 'tls'],
    ['Nobody renewed the certificate in time, perhaps because automatic renewal is broken.', 'tls'],
    ['The mailer gives up after five attempts, because the name smtp.internal cannot be resolved.', 'dns'],
    ['DNS at 10.96.0.10 answers, but does not know the host smtp.internal.', 'dns'],
    ['The host smtp.internal was possibly renamed or removed.', 'dns'],
    ['The database rejects the password of the user users_rw, and the app shuts down.', 'password'],
    ['Authentication fails, so the connection pool is never filled.', 'password'],
    ['The password may have been rotated without updating the Secret.', 'password'],
    ['All 20 connections of the pool are in use, and requests time out while they wait for one.', 'pool'],
    ['The pool has been exhausted since 14:02.', 'pool'],
    ['Slow queries or a connection leak might keep the connections busy.', 'pool'],
    ['Latency jumped from 120 ms to 4800 ms at 14:02 UTC.', 'latency'],
    ['Requests have become far slower than ever before: duration_ms is now 4800 ms.', 'latency'],
    ['The slowdown and the exhausted pool began at the same minute, 14:02.', 'latency pool'],
    ['The sync job has been silent since 13:40 UTC although its pod is ready.', 'silence'],
    ['The usual line “synced <*> orders” no longer appears, which suggests that the worker is stuck.', 'silence'],
    ['It normally logs every 30 s.', 'silence'],
    ['Postgres stopped because no space is left on its disk.', 'disk'],
    ['The write-ahead log cannot be written, and the database shut itself down.', 'disk'],
    ['The volume is full: 20 GiB of 20 GiB are used.', 'usage'],
    ['An inactive replication slot could be holding back old files.', 'disk usage'],
    ['The migration 0042_rename.sql fails, because the table accounts does not exist.', 'migration'],
    ['The schema was left dirty at version 42, so a rerun may be refused.', 'migration'],
    ['An earlier migration was probably skipped.', 'migration'],
    ['Revision 8 halves the memory limit and sets CACHE_TTL to 0s.', 'release'],
    ['The release of shop/api:3.2.0 also turned caching off through CACHE_TTL.', 'release'],
    ['With a TTL of 0s every request may have to go to the backend.', 'release'],
    ['The node worker-2 has not reported since 11:20 UTC, and its 9 pods are affected.', 'node'],
    ['The kubelet on worker-2 stopped posting its status.', 'node'],
    ['The machine may be down or cut off from the control plane.', 'node'],
    ['The worker crashes at startup because the environment variable QUEUE_URL is missing.', 'env'],
    ['Line 12 of /app/main.py reads QUEUE_URL, which is not set.', 'env'],
    ['A key may have been dropped from the ConfigMap or misspelled.', 'env'],
    ['New pods are refused: the quota team allows 8Gi of memory, and all of it is used.', 'quota'],
    ['The ReplicaSet cannot create pods because the memory quota is exceeded.', 'quota'],
    ['The partner API answers with 429 and asks to wait 30s.', 'limited'],
    ['The feed is being rate limited by api.partner.example.', 'limited'],
    ['A retry storm could make the throttling worse.', 'limited'],
    ['The previous image, shop/api:3.1.0, had 512Mi.', 'release'],
    ['Some requests may succeed while others wait for a free connection.', 'pool'],
    ['If the certificate is renewed, the calls should work again.', 'tls'],
    ['Both the readiness and the liveness probe fail, so the container is restarted and gets no requests.', 'probe'],
    ['The first line says that authentication failed; the last one that it shuts down.', 'password'],
    ['There is nothing in the log after the stack trace.', 'heap'],
    ['An unbounded cache is a plausible explanation for the heap exhaustion.', 'heap'],
    ['Nine back-offs have been reported since the first failed pull.', 'pull'],
    ['The scheduler found no suitable node for search-0.', 'pending'],
    ['Two of three nodes are short of memory and the remaining one is dedicated to GPU workloads.', 'pending'],
    ['After five unsuccessful retries the mailer stops trying.', 'dns'],
    ['Credentials for users_rw are wrong or outdated.', 'password'],
    ['Threads queue up for a free connection while all 20 are occupied.', 'pool'],
    ['Response times rose sharply at 14:02.', 'latency'],
    ['Nothing has been synchronized since 13:40, yet the pod looks healthy.', 'silence'],
    ['The rename in 0042_rename.sql assumes that accounts already exists.', 'migration'],
    ['Nine pods went down together with their node.', 'node'],
    ['The deployment forgot to pass QUEUE_URL to the container.', 'env'],
    ['It is not a problem of the network: the server answers and refuses the login.', 'password'],
  ])('%s', (text, cited) => {
    expect(faultIn(text, cited)).toBeUndefined();
  });
});

describe('what says nothing, or contradicts itself or the evidence, is', () => {
  it.each([
    [
      'a contradiction',
      'It can still connect to its database by users_rw, but it cannot connect to its database.',
      'password',
    ],
    ['a contradiction about a state', 'The volume is full, and the volume is not full.', 'usage'],
    ['success where nothing succeeds', 'The app can still connect to the database.', 'password'],
    ['health where all is ill', 'The container is running fine on its port 8081.', 'probe'],
    ['that it runs', 'The database is running. The user is unable to run it.', 'disk'],
    ['a decision', 'The team has decided to use less memory.', 'quota'],
    ['that there is no problem', 'There is no problem with the pool.', 'pool'],
    ['what will be', 'The container is stopped and will be started at 11:20 UTC.', 'node'],
    ['words of nobody’s', 'No work can be rescheduled, no work is done.', 'pull'],
    [
      'words of the world behind a name',
      'PersistentVolumeClaim shop/data: rollbacks to the test to go to the wild.',
      'claim',
    ],
    ['a circle', 'The volume claim is not a volume claim, but rather a volume claim of volumes.', 'claim'],
    ['a circle of other words', 'The image pulls the image, or the pull of the image is the image.', 'pull'],
    ['somebody who asks', 'The client asked you to create a new volume.', 'claim'],
    ['somebody who tells', 'The log told me that the pool is exhausted.', 'pool'],
    [
      'a sentence that stands beside one that says nothing',
      'The pool has been exhausted since 14:02. The server is okay to run.',
      'pool',
    ],
    ['words of its own', 'The certificate was a present of the king to his brother and sisters.', 'tls'],
    ['words of its own, as a guess', 'The user may have told the driver of a bus about trains.', 'tls'],
    ['the question', 'A program checks every sentence against what it cites and throws it away.', 'pull'],
    ['a list that goes on', 'The certificate has expired, the upstream fails,', 'tls'],
    ['only the field', 'It fails.', 'disk'],
    ['what is true of any trouble', 'The next job is the failed one.', 'migration'],
    ['only the field, at length', 'The pod failed to start, and the container was restarted by the server.', 'limited'],
  ])('%s: %s', (_what, text, cited) => {
    expect(faultIn(text, cited)).toBeDefined();
  });
});

describe('and what is alike is not', () => {
  it.each([
    ['Container api is ready at first and is not ready when its probe fails.', 'probe'],
    ['The log can be written no longer, and the database cannot go on.', 'disk'],
    ['The old image is pulled, the image registry.example.com/cart:2.4.0 is not.', 'pull'],
    ['The pod runs fine and is ready, but “synced <*> orders” has not come since 13:40 UTC.', 'silence'],
    ['Kubernetes says that the container failed its liveness probe and will be restarted.', 'probe'],
    ['The readiness probe of the api container fails, and the liveness probe of the api container fails.', 'probe'],
    ['No space is left: writing to pg_wal/xlogtemp.52 fails, and the database shuts down.', 'disk'],
    ['The log says "retry 5/5 failed, giving up". It looked up smtp.internal before.', 'dns'],
  ])('%s', (text, cited) => {
    expect(faultIn(text, cited)).toBeUndefined();
  });
});
