import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuditRecord, checkChain, emptyHead, sealEntry } from '../../../src/core/audit-record.ts';

function chainOf(count: number): readonly AuditRecord[] {
  const records: AuditRecord[] = [];
  for (let index = 0; index < count; index += 1) {
    const entry = { at: index, what: 'applied', who: 'U_ANA', subject: 'shop/web', detail: `change ${index}` };
    records.push(sealEntry(entry, records.at(-1) ?? emptyHead));
  }
  return records;
}

function faultsOf(records: readonly AuditRecord[], end = records.at(-1)): readonly string[] {
  const check = checkChain();
  for (const record of records) check.add(record);
  return check.finish(end === undefined ? undefined : { seq: end.seq, hash: end.hash }).faults;
}

const chain = chainOf(6);

function at(index: number): AuditRecord {
  const record = chain[index];
  if (record === undefined) throw new Error('the chain is shorter');
  return record;
}

describe('a chain of records', () => {
  it('is whole as it was written, also when its oldest records were dropped for age', () => {
    expect(faultsOf(chain)).toEqual([]);
    expect(faultsOf(chain.slice(3))).toEqual([]);
    expect(faultsOf([])).toEqual([]);
  });

  it.each<[string, readonly AuditRecord[], string]>([
    [
      'a record is changed',
      chain.with(2, { ...at(2), who: 'U_BEN' }),
      'Record 3 was changed: its hash is not that of its content.',
    ],
    [
      'a record is changed and sealed again',
      chain.with(2, sealEntry({ ...at(2), who: 'U_BEN' }, at(1))),
      'Record 4 does not follow record 3: one of them was changed.',
    ],
    ['a record is taken out', chain.toSpliced(2, 1), 'After record 2 comes record 4: record 3 is missing.'],
    ['several are taken out', chain.toSpliced(1, 3), 'After record 1 comes record 5: records 2 to 4 are missing.'],
    [
      'two change places',
      [at(0), at(2), at(1), ...chain.slice(3)],
      'After record 3 comes record 2: they are out of order.',
    ],
  ])('shows where %s', (_case, records, fault) => {
    expect(faultsOf(records)).toContain(fault);
  });

  it('shows that its end is missing or another', () => {
    expect(faultsOf(chain.slice(0, 4), chain[5])).toEqual(['Records 5 to 6 are missing at the end.']);
    expect(faultsOf([], chain[5])).toEqual(['Records 1 to 6 are missing at the end.']);
    const forged = sealEntry({ ...at(5), who: 'U_BEN' }, at(4));
    expect(faultsOf(chain.with(5, forged), chain[5])).toEqual([
      'The end of the chain is record 6, but the last record is 6 and another.',
    ]);
  });

  it('verifies what was written before records had results, and seals it the same', () => {
    const old = {
      at: 1_772_445_600_000,
      what: 'proposed',
      who: 'U_ANA',
      subject: 'Deployment shop/web',
      detail: 'Roll back web.',
      why: 'asked',
      surface: 'slash',
      verdicts: ['budget: allow (1 of 10)'],
      diff: '-a\n+b',
    };
    const hash = '75510d623ba9ca2f3eee8a85e25058b5d17467b26e765d02faa4f0df907d94fa';
    expect(faultsOf([{ ...old, seq: 1, previous: '', hash }])).toEqual([]);
    expect(sealEntry(old, emptyHead).hash).toBe(hash);
  });

  it('shows a change inside a result, and a field that was put in', () => {
    const before = { desired: 2, ready: 0, restarts: 9, findings: ['crash-loop'] };
    const entry = { at: 1, what: 'proven', who: 'lifeguard', subject: 'shop/web', detail: 'x' };
    const sealed = sealEntry({ ...entry, result: { outcome: 'It helped.', verdict: 'improved', before } }, emptyHead);
    expect(faultsOf([AuditRecord.parse(JSON.parse(JSON.stringify(sealed)))])).toEqual([]);
    const { result } = sealed;
    if (result === undefined) throw new Error('no result');
    const turned = Object.fromEntries(Object.entries(sealed).toReversed());
    const forged = [
      { ...sealed, result: { ...result, verdict: 'worse' } },
      { ...sealed, result: { ...result, before: { ...before, ready: 1 } } },
      { ...sealed, approvedBy: 'U_BEN' },
    ];
    expect(faultsOf([AuditRecord.parse(turned)])).toEqual([]);
    for (const record of forged)
      expect(faultsOf([AuditRecord.parse(record)])).toContain(
        'Record 1 was changed: its hash is not that of its content.',
      );
  });

  it('holds no secret in any of its texts, and no endless diff', () => {
    const secret = 'hunter2-hunter2';
    const text = `password=${secret}`;
    const sealed = sealEntry(
      {
        at: 1,
        what: text,
        who: text,
        subject: text,
        detail: text,
        why: text,
        surface: text,
        verdicts: [text],
        diff: `${text}\n${'-a line\n'.repeat(10_000)}`,
        incident: text,
        proposal: text,
        result: { outcome: text, verdict: text, before: { desired: 1, ready: 1, restarts: 1, findings: [text] } },
      },
      emptyHead,
    );
    expect(JSON.stringify(sealed)).not.toContain(secret);
    expect(JSON.stringify(sealed).length).toBeLessThan(6_000);
    expect(faultsOf([sealed])).toEqual([]);
  });

  it('shows every change of any character', () => {
    fc.assert(
      fc.property(
        fc.nat(5),
        fc.constantFrom('who', 'what', 'subject', 'detail', 'previous', 'hash'),
        fc.string({ minLength: 1 }),
        (index, field, text) => {
          const record = chain[index];
          if (record === undefined || record[field] === text) return;
          expect(faultsOf(chain.with(index, { ...record, [field]: text }), chain.at(-1)).length).toBeGreaterThan(0);
        },
      ),
    );
  });
});
