import type { Redis } from 'ioredis';
import { type AuditEntry, AuditHead, AuditRecord, emptyHead, sealEntry } from '../../core/audit-record.ts';
import { LifeguardError } from '../../core/errors.ts';
import type { Audit } from '../../core/ports/audit.ts';
import { ask } from './connection.ts';
import type { Keyspace } from './keyspace.ts';
import { parseStored } from './stored.ts';

/** Records kept, about; each takes 1 to 6 kB, by the length of its diff. */
const limit = 100_000;

/** Records read at once. */
const page = 1_000;

/** Records read at once where the newest few are wanted. */
const newestPage = 100;

/** Others who were faster, in a row. */
const attempts = 50;

/**
 * Appends the record if the chain still ends where its author saw it. KEYS: records, head. ARGV: the head as it was seen (empty: none), the new head,
 * the record, how many are kept. Answers 1, or 0 where somebody was faster.
 */
const appendIfLast = `
if (redis.call('GET', KEYS[2]) or '') ~= ARGV[1] then return 0 end
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[4], '*', 'record', ARGV[3])
redis.call('SET', KEYS[2], ARGV[2])
return 1`;

export function createAudit(redis: Redis, keyspace: Keyspace): Audit {
  const [stream, headKey] = [keyspace.key('audit'), keyspace.key('audit-head')];

  const readHead = (text: string): AuditHead =>
    text === '' ? emptyHead : parseStored({ key: headKey, text, schema: AuditHead });
  const readRecord = ([id, fields]: [string, string[]]): AuditRecord =>
    parseStored({ key: `${stream} ${id}`, text: fields[1] ?? '', schema: AuditRecord });

  /** One that has begun: those of this process wait for each other, so that only other processes can be faster. */
  let last: Promise<void> = Promise.resolve();

  async function appendNext(entry: AuditEntry): Promise<void> {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const seen = (await ask(() => redis.get(headKey))) ?? '';
      const record = sealEntry(entry, readHead(seen));
      const head = JSON.stringify({ seq: record.seq, hash: record.hash });
      const answer = await ask(() =>
        redis.eval(appendIfLast, 2, stream, headKey, seen, head, JSON.stringify(record), limit),
      );
      if (answer === 1) return;
    }
    throw new LifeguardError('The audit is written to too often at once.', {
      code: 'record-conflict',
      retry: 'conflict',
    });
  }

  return {
    append(entry) {
      const mine = last.then(() => appendNext(entry));
      last = mine.catch(() => undefined);
      return mine;
    },
    recent: async (count) => (await ask(() => redis.xrevrange(stream, '+', '-', 'COUNT', count))).map(readRecord),
    async after(seq) {
      const found: AuditRecord[] = [];
      let to = '+';
      for (;;) {
        const end = to;
        const some = await ask(() => redis.xrevrange(stream, end, '-', 'COUNT', newestPage));
        const newer = some.map(readRecord).filter((record) => record.seq > seq);
        found.push(...newer);
        const last = some.at(-1)?.[0];
        if (last === undefined || newer.length < newestPage) return found.toReversed();
        to = `(${last}`;
      }
    },
    async *all() {
      let from = '-';
      for (;;) {
        const start = from;
        const some = await ask(() => redis.xrange(stream, start, '+', 'COUNT', page));
        for (const one of some) yield readRecord(one);
        const last = some.at(-1)?.[0];
        if (last === undefined || some.length < page) return;
        from = `(${last}`;
      }
    },
    head: async () => readHead((await ask(() => redis.get(headKey))) ?? ''),
  };
}
