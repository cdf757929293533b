import type { Redis } from 'ioredis';
import { Execution } from '../core/execution.ts';
import { Form } from '../core/form.ts';
import { Incident } from '../core/incident.ts';
import type { AlertBoard } from '../core/ports/alert-board.ts';
import type { Audit } from '../core/ports/audit.ts';
import type { ConfigHistory } from '../core/ports/config-history.ts';
import type { DeliverySchedule } from '../core/ports/delivery-schedule.ts';
import type { EventStore } from '../core/ports/event-store.ts';
import type { IncidentIndex } from '../core/ports/incident-index.ts';
import type { Ledger, RevisionHealth } from '../core/ports/ledger.ts';
import type { Log } from '../core/ports/log.ts';
import type { LogSource } from '../core/ports/log-source.ts';
import type { MaintenanceBoard } from '../core/ports/maintenance-board.ts';
import type { MessageLedger } from '../core/ports/message-ledger.ts';
import type { PushedLogs } from '../core/ports/pushed-logs.ts';
import type { Receipts } from '../core/ports/receipts.ts';
import type { Records } from '../core/ports/records.ts';
import type { StatusBoard } from '../core/ports/status-board.ts';
import type { StormBoard } from '../core/ports/storm-board.ts';
import type { WholeLogs } from '../core/ports/whole-logs.ts';
import { isPending, Proposal } from '../core/proposal.ts';
import { createWorkQueue, type WorkQueueHandle } from '../jobs/work-queue.ts';
import { createAlertBoard } from '../platform/redis/alert-board.ts';
import { createAudit } from '../platform/redis/audit.ts';
import { createConfigHistory } from '../platform/redis/config-history.ts';
import { checkRedis, connectRedis, openRedis } from '../platform/redis/connection.ts';
import { createControls, type RedisControls } from '../platform/redis/controls.ts';
import { createDeliverySchedule } from '../platform/redis/delivery-schedule.ts';
import { createEventStore } from '../platform/redis/event-store.ts';
import { createIncidentIndex } from '../platform/redis/incident-index.ts';
import { createKeyspace } from '../platform/redis/keyspace.ts';
import { createLedger, createRevisionHealth } from '../platform/redis/ledger.ts';
import { createMaintenanceBoard } from '../platform/redis/maintenance-board.ts';
import { createMessageLedger } from '../platform/redis/message-ledger.ts';
import { createPushedLogSource, createPushedLogs } from '../platform/redis/pushed-logs.ts';
import { createReceipts } from '../platform/redis/receipts.ts';
import { createRecords } from '../platform/redis/records.ts';
import { createStatusBoard } from '../platform/redis/status-board.ts';
import { createStormBoard } from '../platform/redis/storm-board.ts';
import { createWholeLogs } from '../platform/redis/whole-logs.ts';

/** Everything that is remembered. */
export interface StoreParts {
  readonly redis: Redis;
  readonly redisUrl: string;
  readonly incidents: Records<Incident>;
  readonly proposals: Records<Proposal>;
  readonly executions: Records<Execution>;
  readonly forms: Records<Form>;
  readonly index: IncidentIndex;
  readonly controls: RedisControls;
  readonly ledger: Ledger;
  readonly health: RevisionHealth;
  readonly audit: Audit;
  readonly alerts: AlertBoard;
  readonly messageLedger: MessageLedger;
  readonly statusBoard: StatusBoard;
  readonly schedule: DeliverySchedule;
  readonly storms: StormBoard;
  readonly maintenance: MaintenanceBoard;
  readonly events: EventStore;
  readonly configHistory: ConfigHistory;
  readonly pushedLogs: PushedLogs;
  readonly pushedSource: LogSource;
  readonly receipts: Receipts;
  readonly wholeLogs: WholeLogs;
  readonly queue: WorkQueueHandle;
}

export const defaultRedisUrl = 'redis://127.0.0.1:6379';

/** How long incidents, proposals and executions are kept after their last change, seconds. */
const keepSeconds = 90 * 24 * 3600;

/** How long somebody may have a form open, seconds. */
const formSeconds = 3600;

/** Long logs wait for Slack to take them as files; each is at most some 256 kB. */
const wholeLogs = { keepMs: 24 * 3_600_000, most: 40 } as const;

interface StoreOptions {
  readonly redisUrl: string | undefined;
  readonly cluster: string;
  /** How long and how many Kubernetes Events are kept. */
  readonly events: { readonly keepMs: number; readonly most: number };
  /** How much of what collectors send is kept, bytes, and how long, seconds. */
  readonly pushed: { readonly mostWaiting: number; readonly mostKept: number; readonly keepSeconds: number };
  readonly log: Log;
}

/** Connects and checks; fails with one sentence where Redis does not answer. */
export async function createStoreParts({
  redisUrl = defaultRedisUrl,
  cluster,
  events,
  pushed,
  log,
}: StoreOptions): Promise<StoreParts> {
  const redis = connectRedis(redisUrl, log);
  await openRedis(redis, redisUrl);
  for (const problem of await checkRedis(redis)) log.warn(problem);
  const keyspace = createKeyspace(cluster);
  const records = { redis, keyspace, keepSeconds };
  const schedule = createDeliverySchedule(redis, keyspace);
  const controls = createControls(redis, keyspace);
  await controls.initialise();
  return {
    redis,
    redisUrl,
    incidents: createRecords({ ...records, name: 'incidents', schema: Incident }),
    proposals: createRecords({ ...records, name: 'proposals', schema: Proposal, waits: isPending }),
    executions: createRecords({ ...records, name: 'executions', schema: Execution }),
    forms: createRecords({ ...records, name: 'forms', schema: Form, keepSeconds: formSeconds }),
    index: createIncidentIndex(redis, keyspace),
    controls,
    ledger: createLedger(redis, keyspace),
    health: createRevisionHealth(redis, keyspace),
    audit: createAudit(redis, keyspace),
    alerts: createAlertBoard(redis, keyspace),
    messageLedger: createMessageLedger(redis, keyspace, log),
    statusBoard: createStatusBoard(redis, keyspace),
    schedule,
    storms: createStormBoard(redis, keyspace),
    maintenance: createMaintenanceBoard(redis, keyspace),
    events: createEventStore({ redis, keyspace, ...events }),
    configHistory: createConfigHistory(redis, keyspace),
    pushedLogs: createPushedLogs({ redis, keyspace, ...pushed }),
    pushedSource: createPushedLogSource({ redis, keyspace }),
    receipts: createReceipts(redis, keyspace),
    wholeLogs: createWholeLogs({ redis, keyspace, ...wholeLogs }),
    queue: createWorkQueue({ redis, cluster, schedule }),
  };
}
