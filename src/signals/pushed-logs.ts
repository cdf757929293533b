import { stripVTControlCharacters } from 'node:util';
import { cut } from '../core/cut.ts';
import { LifeguardError } from '../core/errors.ts';
import { isJsonObject, type JsonObject, readObject } from '../core/json.ts';
import { type LogOrigin, originKey } from '../core/log-record.ts';
import type { ReadLine } from '../core/ports/log-source.ts';
import { redactLines } from '../core/read-lines.ts';
import { redact } from '../core/redact.ts';
import { splitJson } from './json-texts.ts';

export interface PushedRecords {
  /** Redacted, by container in the order in which they came. */
  readonly lines: readonly ReadLine[];
  /** Records that do not say of which container they are. */
  readonly unplaced: number;
  /** Pieces that are not JSON objects. */
  readonly unreadable: number;
}

/** Characters of a line that are kept. */
const longestText = 16_384;

/** Lines of one record, and of all together. */
const mostOfRecord = 1_000;
const mostLines = 50_000;

/** What tools call the moment, in this order. */
const timeNames = ['time', 'timestamp', 'date', '@timestamp'];
const textNames = ['log', 'message', 'msg'];

/**
 * Reads what Fluentd, Fluent Bit and Vector send: JSON objects in an array, by line, or simply one after the other. A text of several lines becomes
 * several. Fails with `input-invalid` where nothing in it can be kept. `now`: epoch milliseconds, when it arrived; it stands for a time that is missing
 * or in the future.
 */
export function readPushed(body: string, now: number): PushedRecords {
  const { values, broken } = splitJson(body);
  const records = values.filter((value) => isJsonObject(value));
  const placed = records.flatMap((record) => {
    const origin = originOf(record);
    return origin === undefined ? [] : linesOf(record, origin, now);
  });
  const unplaced = records.filter((record) => originOf(record) === undefined).length;
  const unreadable = values.length - records.length + broken;
  if (placed.length === 0 && unplaced + unreadable > 0)
    throw invalid(`Nothing could be kept: ${describeDropped(unplaced, unreadable)}.`);
  if (placed.length > mostLines) throw invalid(`More than ${mostLines} lines at once; send less.`);
  const logs = Map.groupBy(placed, originKey);
  return { lines: [...logs.values()].flatMap((log) => redactLines(log, redact)), unplaced, unreadable };
}

/** What became of what was sent, in one sentence. */
export function describePushed({ lines, unplaced, unreadable }: PushedRecords): string {
  const dropped = unplaced + unreadable === 0 ? '' : ` Dropped: ${describeDropped(unplaced, unreadable)}.`;
  return `Kept ${countOf(lines.length, 'line')}.${dropped}`;
}

function describeDropped(unplaced: number, unreadable: number): string {
  const reasons = [
    ...(unplaced === 0
      ? []
      : [`${countOf(unplaced, 'record')} without kubernetes.namespace_name, pod_name and container_name`]),
    ...(unreadable === 0 ? [] : [`${countOf(unreadable, 'piece')} that cannot be read as a JSON object`]),
  ];
  return reasons.join(', ');
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function invalid(message: string): LifeguardError {
  return new LifeguardError(message, { code: 'input-invalid', retry: 'permanent' });
}

/** As Kubernetes allows it; container names are stricter still. */
const name = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/;

/** Fluentd and Fluent Bit say `namespace_name`, Vector `pod_namespace`. */
function originOf(record: JsonObject): LogOrigin | undefined {
  const about = readObject(record, 'kubernetes');
  const namespace = nameIn(about['namespace_name'] ?? about['pod_namespace']);
  const [pod, container] = [nameIn(about['pod_name']), nameIn(about['container_name'])];
  if (namespace === undefined || pod === undefined || container === undefined) return undefined;
  return { namespace, pod, container };
}

function nameIn(value: unknown): string | undefined {
  return typeof value === 'string' && name.test(value) ? value : undefined;
}

function linesOf(record: JsonObject, origin: LogOrigin, now: number): readonly ReadLine[] {
  const at = timeOf(record, now);
  return stripVTControlCharacters(textOf(record))
    .replace(/\r?\n$/, '')
    .split(/\r?\n/, mostOfRecord)
    .map((text) => ({ ...origin, at, text: cut(text, longestText, '') }));
}

/** What collectors add of their own. */
const additions = [...timeNames, 'kubernetes', 'docker', 'stream', 'logtag', '_p', 'file', 'source_type', 'tag'];

/** A record whose text was taken apart is its fields. */
function textOf(record: JsonObject): string {
  const field = textNames.find((one) => record[one] !== undefined);
  const value = field === undefined ? withoutAdditions(record) : record[field];
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function withoutAdditions(record: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(record).filter(([field]) => !additions.includes(field)));
}

function timeOf(record: JsonObject, now: number): number {
  for (const field of timeNames) {
    const at = momentOf(record[field]);
    if (at !== undefined) return Math.min(at, now);
  }
  return now;
}

/** Later than any time in seconds that a collector may mean, and earlier than any in milliseconds; and so on by thousands. */
const mostSeconds = 1e11;

/** RFC 3339, `2026-11-29 23:05:07.611` in UTC, or an epoch in seconds, milliseconds, microseconds or nanoseconds. */
function momentOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof number === 'number') {
    if (!(number > 0)) return undefined;
    const power = Math.max(0, Math.ceil(Math.log10(number / mostSeconds) / 3));
    return Math.floor((number * 1_000) / 1_000 ** power);
  }
  if (typeof number !== 'string') return undefined;
  const at = Date.parse(
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?$/.test(number) ? `${number.replace(' ', 'T')}Z` : number,
  );
  return Number.isNaN(at) ? undefined : at;
}
