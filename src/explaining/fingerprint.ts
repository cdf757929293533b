import { createHash } from 'node:crypto';
import { citableOf } from '../core/citable.ts';
import type { Evidence } from '../core/evidence.ts';
import type { Incident } from '../core/incident.ts';
import { refKey } from '../core/resource-ref.ts';
import { promptVersion } from './prompt.ts';

const random = '[a-z0-9]';

/** What differs from one look at the same trouble to the next, and what stands for it. */
const growing: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?/g, '<time>'],
  [/\b\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?\b/g, '<time>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>'],
  // The names that a ReplicaSet or a Job gives to its pods.
  [new RegExp(`-(?:${random}{6,10}-)?(?=${random}{0,4}\\d)${random}{5}(?![\\w-])`, 'g'), '-<pod>'],
  [new RegExp(`-(?=${random}{0,9}\\d)${random}{8,10}(?![\\w-])`, 'g'), '-<pod>'],
  [/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\b/gi, '<id>'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, '<address>'],
  [
    /\b\d+(?:\.\d+)?\s?(?:ns|us|µs|ms|s|sec|seconds?|m|min|minutes?|h|hours?|d|days?|%|[KMGT]i?B?)(?![\w])/g,
    '<amount>',
  ],
  [/\(\d+x\)/g, '(<count>)'],
  [
    /\b(attempt|attempts|retry|retries|try|restarts?|restarted|count|times|occurrences|seen|lines?|total|offset|id|pid|seq)(["']?\s?[ =:#]\s?["']?)\d+/gi,
    '$1$2<count>',
  ],
  [/\b\d+(?= (?:times|lines|restarts?|attempts?|retries|more|pods?|of \d))/gi, '<count>'],
  [/(?<![\w.:/-])\d+\.\d+(?![\w.-])/g, '<amount>'],
  [/\b\d{4,}\b/g, '<number>'],
];

/**
 * Of what a model would be asked: its name, our words, what the incident is about, what the rules found, and the evidence. Times, durations, counts, generated
 * names and addresses do not count, nor how often or in which order a log says the same; an exit code, a status, an image, another message do. So trouble that
 * only goes on, or comes back the same, is not explained again.
 */
export function fingerprintOf(incident: Incident, model: string): string {
  const evidence = citableOf(incident).filter(({ id, kind }) => (id.startsWith('F') ? id === 'F1' : isLasting(kind)));
  const parts = [promptVersion, model, refKey(incident.subject), incident.kind, evidence.map(essenceOf)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** What comes and goes around a cause is told with it, but is no reason to ask again. */
function isLasting(kind: Evidence['kind']): boolean {
  return kind !== 'related' && kind !== 'suspect';
}

/** A change is what it is. */
function essenceOf({ kind, source, text }: Evidence): readonly unknown[] {
  if (kind === 'change') return [kind, source, text];
  const numbers = kind === 'metric' ? text.replace(/\d+(?:[.,]\d+)*/g, '<number>') : text;
  const lines = mask(numbers)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return [kind, mask(source), [...new Set(lines)].toSorted()];
}

function mask(text: string): string {
  return growing.reduce((masked, [pattern, by]) => masked.replace(pattern, by), text);
}
