import { type AuditRecord, checkChain, emptyHead, sealEntry } from '../src/core/audit-record.ts';
import { median, seconds } from './figures.ts';
import type { Row } from './table.ts';

const records = 100_000;
const runs = 5;

/** How long it takes to look through the whole audit. */
export function measureAudit(tell: (sentence: string) => void): readonly Row[] {
  const chain: AuditRecord[] = [];
  for (let index = 0; index < records; index += 1) {
    const entry = {
      at: index,
      what: 'applied',
      who: 'U0123456789',
      subject: 'Deployment shop/checkout',
      detail: `change ${index}`,
      verdicts: ['budget: allow (1 of 10)', 'autonomy: allow (auto)'],
    };
    chain.push(sealEntry(entry, chain.at(-1) ?? emptyHead));
  }
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    const check = checkChain();
    for (const record of chain) check.add(record);
    const { faults } = check.finish(chain.at(-1));
    if (faults.length > 0) tell(`audit: ${faults[0] ?? ''}`);
    return performance.now() - start;
  });
  return [
    {
      name: 'audit: 100,000 records verified',
      figure: seconds(median(times)),
      comparedWith: '',
      target: '',
      runs: `${runs}, median`,
    },
  ];
}
