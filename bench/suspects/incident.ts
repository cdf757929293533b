import { readFile } from 'node:fs/promises';
import type { Inquiry } from '../../src/analysis/suspects/suspect.ts';

/** A recorded fault whose cause is known. */
export interface RecordedIncident {
  /** Counted and told together. */
  readonly group: string;
  readonly name: string;
  readonly cause: string;
  readonly inquiry: Inquiry;
  /** Every column that was recorded, for rules that take all. `abnormal` begins with the fault. */
  readonly columns: readonly Column[];
}

export interface Column {
  readonly node: string;
  readonly normal: readonly (number | undefined)[];
  readonly abnormal: readonly (number | undefined)[];
}

/** The files hold no quotes. */
export async function readTable(path: string): Promise<readonly (readonly string[])[]> {
  const text = await readFile(path, 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => line.split(','));
}

/** Undefined where there was no sample: an empty cell or `NaN`. */
export function readNumber(cell: string | undefined): number | undefined {
  const value = cell === undefined || cell === '' ? Number.NaN : Number(cell);
  return Number.isNaN(value) ? undefined : value;
}
