import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Measurement } from './action.ts';
import { cut } from './cut.ts';
import { isJsonObject } from './json.ts';
import { redactStrings } from './redact.ts';

const Numbers = Measurement.pick({ desired: true, ready: true, restarts: true, findings: true, reached: true });

/** Who did what, why, from where, what the guardrails said, and what came of it. New fields are optional, so that old records verify. */
export const AuditEntry = z.object({
  /** Epoch milliseconds. */
  at: z.number(),
  /** `proposed`, `approved`, `denied`, `expired`, `applied`, `undone`, `paused`, … */
  what: z.string(),
  /** Slack user id, or `lifeguard`. */
  who: z.string(),
  subject: z.string(),
  detail: z.string(),
  /** What made somebody want it. */
  why: z.string().exactOptional(),
  /** `slash`, `button`, `auto`, `ai`. */
  surface: z.string().exactOptional(),
  /** What each guardrail said, with its reason. */
  verdicts: z.array(z.string()).exactOptional(),
  /** What would change or was changed. */
  diff: z.string().exactOptional(),
  incident: z.string().exactOptional(),
  proposal: z.string().exactOptional(),
  /** What an execution came to: in words, whether it helped, and what was measured before and after. */
  result: z
    .object({
      outcome: z.string(),
      verdict: z.string().exactOptional(),
      before: Numbers.exactOptional(),
      after: Numbers.exactOptional(),
    })
    .exactOptional(),
});
export type AuditEntry = Readonly<z.infer<typeof AuditEntry>>;

/** An entry in its place: each record holds the hash of the one before it, so that none can be changed or taken out unseen. */
export const AuditRecord = z.looseObject({
  ...AuditEntry.shape,
  /** 1, 2, 3, … without a gap. */
  seq: z.number().int().positive(),
  /** Hash of the record before; empty for the first. */
  previous: z.string(),
  hash: z.string(),
});
export type AuditRecord = AuditEntry & { readonly seq: number; readonly previous: string; readonly hash: string };

/** The end of the chain: what the next record follows. */
export const AuditHead = z.object({ seq: z.number().int().nonnegative(), hash: z.string() });
export type AuditHead = Readonly<z.infer<typeof AuditHead>>;

export const emptyHead: AuditHead = { seq: 0, hash: '' };

/** Longest diff kept, characters: a record is to stay a few kilobytes. */
const diffLimit = 4_000;

/** The entry as the record that follows `head`: redacted, every text of it. */
export function sealEntry(entry: AuditEntry, head: AuditHead): AuditRecord {
  const { diff, ...clean } = AuditEntry.parse(redactStrings(entry));
  const shown = diff === undefined ? {} : { diff: cut(diff, diffLimit, '\n…') };
  const open = { ...clean, ...shown, seq: head.seq + 1, previous: head.hash };
  return { ...open, hash: hashOf(open) };
}

/** SHA-256 of the JSON of the record's fields without its own hash, as pairs, keys in alphabetical order at every depth, as hexadecimal. */
function hashOf(open: Omit<AuditRecord, 'hash'>): string {
  return createHash('sha256')
    .update(JSON.stringify(sortedPairs(open)))
    .digest('hex');
}

function sortedPairs(object: object): (readonly [string, unknown])[] {
  return Object.entries(object)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]: [string, unknown]) => [name, sortKeys(value)]);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  return isJsonObject(value) ? Object.fromEntries(sortedPairs(value)) : value;
}

/** Looks at one record after the other, oldest first. */
export interface ChainCheck {
  add(record: AuditRecord): void;
  /** `head`: the end as it is kept beside the records, where that is known. */
  finish(head?: AuditHead): ChainReport;
}

export interface ChainReport {
  readonly records: number;
  /** Of the first and last record; older ones may have been dropped for age. */
  readonly from: number;
  readonly to: number;
  /** One sentence for each place where the chain is broken; at most a hundred. */
  readonly faults: readonly string[];
}

const mostFaults = 100;

export function checkChain(): ChainCheck {
  const faults: string[] = [];
  let [records, from] = [0, 0];
  let last: AuditHead | undefined;

  function fault(sentence: string): void {
    if (faults.length < mostFaults) faults.push(sentence);
  }

  return {
    add({ hash, ...open }) {
      const { seq, previous } = open;
      records += 1;
      if (last === undefined) from = seq;
      else if (seq !== last.seq + 1)
        fault(`After record ${last.seq} comes record ${seq}: ${describeGap(last.seq, seq)}.`);
      else if (previous !== last.hash)
        fault(`Record ${seq} does not follow record ${last.seq}: one of them was changed.`);
      if (hashOf(open) !== hash) fault(`Record ${seq} was changed: its hash is not that of its content.`);
      last = { seq, hash };
    },
    finish(head) {
      const end = last ?? emptyHead;
      if (head !== undefined && head.seq > end.seq)
        fault(`Records ${end.seq + 1} to ${head.seq} are missing at the end.`);
      else if (head !== undefined && (head.seq !== end.seq || head.hash !== end.hash))
        fault(`The end of the chain is record ${head.seq}, but the last record is ${end.seq} and another.`);
      return { records, from, to: end.seq, faults };
    },
  };
}

function describeGap(before: number, after: number): string {
  if (after <= before) return 'they are out of order';
  return after === before + 2 ? `record ${before + 1} is missing` : `records ${before + 1} to ${after - 1} are missing`;
}
