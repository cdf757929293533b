import { describe, expect, it } from 'vitest';
import { type AuditRecord, checkChain } from '../../src/core/audit-record.ts';
import type { Audit } from '../../src/core/ports/audit.ts';

export const entry = {
  at: 1_772_445_600_000,
  what: 'approved',
  who: 'U_ANA',
  subject: 'p1',
  detail: 'roll back to revision 1',
};

export async function readAll(audit: Audit): Promise<readonly AuditRecord[]> {
  const records: AuditRecord[] = [];
  for await (const record of audit.all()) records.push(record);
  return records;
}

/** What every audit does. */
export function describeAudit(name: string, open: () => Promise<Audit>): void {
  describe(`the audit in ${name}`, () => {
    it('keeps every entry, in order, also the same one twice', async () => {
      const audit = await open();
      expect(await audit.head()).toEqual({ seq: 0, hash: '' });
      for (const what of ['proposed', 'approved', 'approved'])
        await audit.append({ ...entry, what, why: 'asked', verdicts: ['budget: allow'] });
      const records = await readAll(audit);
      expect(records.map(({ seq, what }) => [seq, what])).toEqual([
        [1, 'proposed'],
        [2, 'approved'],
        [3, 'approved'],
      ]);
      expect(records[0]).toMatchObject({
        ...entry,
        what: 'proposed',
        why: 'asked',
        verdicts: ['budget: allow'],
        previous: '',
      });
      expect((await audit.recent(2)).map(({ seq }) => seq)).toEqual([3, 2]);
    });

    it('tells what came after a record, oldest first, however much that is', async () => {
      const audit = await open();
      expect(await audit.after(0)).toEqual([]);
      for (let index = 0; index < 230; index += 1) await audit.append(entry);
      const after = async (seq: number) => (await audit.after(seq)).map((record) => record.seq);
      expect(await after(0)).toEqual(Array.from({ length: 230 }, (_, index) => index + 1));
      expect(await after(130)).toEqual(Array.from({ length: 100 }, (_, index) => index + 131));
      expect(await after(229)).toEqual([230]);
      expect(await after(230)).toEqual([]);
    });

    it('is one chain whose end is known, however many write at once', async () => {
      const audit = await open();
      await Promise.all(Array.from({ length: 300 }, (_, index) => audit.append({ ...entry, detail: `${index}` })));
      const check = checkChain();
      for (const record of await readAll(audit)) check.add(record);
      expect(check.finish(await audit.head())).toEqual({ records: 300, from: 1, to: 300, faults: [] });
    });

    it('keeps no secret', async () => {
      const audit = await open();
      await audit.append({ ...entry, detail: 'set DB_PASSWORD=hunter2' });
      expect(JSON.stringify(await readAll(audit))).not.toContain('hunter2');
    });
  });
}
