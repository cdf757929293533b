import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { AuditHead, AuditRecord, type ChainReport, checkChain } from '../core/audit-record.ts';
import { LifeguardError } from '../core/errors.ts';
import type { Log } from '../core/ports/log.ts';
import { createAudit } from '../platform/redis/audit.ts';
import { connectRedis, openRedis } from '../platform/redis/connection.ts';
import { createKeyspace } from '../platform/redis/keyspace.ts';
import { parseJson } from '../platform/redis/stored.ts';

export interface AuditTask {
  readonly redisUrl: string;
  readonly cluster: string;
  readonly log: Log;
  /** Takes one line of JSON. */
  readonly print: (line: string) => void;
}

/** Prints every record, oldest first, a line each; the last line is the end of the chain. */
export async function exportAudit({ print, ...place }: AuditTask): Promise<void> {
  await withAudit(place, async (audit) => {
    for await (const record of audit.all()) print(JSON.stringify(record));
    print(JSON.stringify({ head: await audit.head() }));
  });
}

/** Looks whether a record was changed or is missing in Redis. */
export async function verifyStoredAudit(place: Omit<AuditTask, 'print'>): Promise<ChainReport> {
  return withAudit(place, async (audit) => {
    const check = checkChain();
    // Read first: what is written meanwhile comes after it, and is not missing.
    const head = await audit.head();
    for await (const record of audit.all()) if (record.seq <= head.seq) check.add(record);
    return check.finish(head);
  });
}

/** The same in an exported file. Fails with `input-invalid` where a line is no record. */
export async function verifyExportedAudit(path: string): Promise<ChainReport> {
  const check = checkChain();
  let head: AuditHead | undefined;
  let number = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (line.trim() === '') continue;
    const value = parseJson(line);
    const record = AuditRecord.safeParse(value);
    const end = HeadLine.safeParse(value);
    if (record.success) check.add(record.data);
    else if (end.success) head = end.data.head;
    else
      throw new LifeguardError(`Line ${number} of ${path} is no audit record.`, {
        code: 'input-invalid',
        retry: 'permanent',
      });
  }
  const report = check.finish(head);
  const cut = head === undefined ? ['The end of the chain is not in the file, so records may be missing there.'] : [];
  return { ...report, faults: [...report.faults, ...cut] };
}

const HeadLine = z.object({ head: AuditHead });

async function withAudit<T>(
  { redisUrl, cluster, log }: Omit<AuditTask, 'print'>,
  work: (audit: ReturnType<typeof createAudit>) => Promise<T>,
): Promise<T> {
  const redis = connectRedis(redisUrl, log);
  try {
    await openRedis(redis, redisUrl);
    return await work(createAudit(redis, createKeyspace(cluster)));
  } finally {
    redis.disconnect();
  }
}

/** One sentence, and each fault on a line of its own. */
export function describeChain({ records, from, to, faults }: ChainReport): string {
  const range = records === 0 ? 'no records' : `${records} records (${from} to ${to})`;
  if (faults.length === 0) return `The audit is whole: ${range}, none changed, none missing.`;
  return [`The audit is broken: ${range}.`, ...faults.map((fault) => `  ${fault}`)].join('\n');
}
