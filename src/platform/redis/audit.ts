import type { Redis } from 'ioredis';
import type { Audit } from '../../core/ports/audit.ts';
import { redact } from '../../core/redact.ts';
import { ask } from './connection.ts';
import type { Keyspace } from './keyspace.ts';

/** Entries kept, about. */
const limit = 100_000;

export function createAudit(redis: Redis, keyspace: Keyspace): Audit {
  const stream = keyspace.key('audit');
  return {
    async append({ at, what, who, subject, detail }) {
      const fields = ['at', String(at), 'what', what, 'who', who, 'subject', subject, 'detail', redact(detail)];
      await ask(() => redis.xadd(stream, 'MAXLEN', '~', limit, '*', ...fields));
    },
  };
}
