import { readPath } from '../../src/core/json.ts';
import { badRequest } from './failure.ts';
import { type Fields, labelsOf } from './objects.ts';
import type { Resource } from './resources.ts';

export type Matcher = (object: Fields) => boolean;

interface Requirement {
  readonly key: string;
  readonly matches: (value: string | undefined) => boolean;
}

const setForm = /^\s*([^\s!=,()]+)\s+(in|notin)\s*\(([^)]*)\)\s*$/;
const equalityForm = /^\s*([^\s!=,()]+)\s*(==|=|!=)\s*([^\s!=,()]*)\s*$/;

const numberForm = /^\s*([^\s!=,()<>]+)\s*([<>])\s*(-?\d+)\s*$/;
/** A set without its parentheses. */
const openForm = /^\s*(\S+)\s+(in|notin)\s+([^\s(]+)/;

/** Undefined selects everything. Throws 400 for what is not a selector. */
export function labelMatcher(text: string | undefined): Matcher | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const requirements = splitTerms(text).map((term) => parseRequirement(term));
  return (object) => {
    const labels = labelsOf(object);
    return requirements.every(({ key, matches }) => matches(labels[key]));
  };
}

/** Commas inside parentheses do not separate. */
function splitTerms(text: string): readonly string[] {
  return text.split(/,(?![^(]*\))/);
}

function parseRequirement(term: string): Requirement {
  const requirement = parseSet(term) ?? parseEquality(term) ?? parseExistence(term.trim()) ?? parseComparison(term);
  if (requirement !== undefined) return requirement;
  const [, , , rest] = openForm.exec(term) ?? [];
  if (rest !== undefined) throw badRequest(`unable to parse requirement: found '${rest}' expected: '('`);
  throw badRequest(`unable to parse requirement: found '${term}', expected: in, notin, =, ==, !=, gt, lt`);
}

function parseSet(term: string): Requirement | undefined {
  const [, key, operator, list] = setForm.exec(term) ?? [];
  if (key === undefined) return undefined;
  const values = (list ?? '').split(',').map((value) => value.trim());
  return { key, matches: (value) => (value !== undefined && values.includes(value)) === (operator === 'in') };
}

function parseEquality(term: string): Requirement | undefined {
  const [, key, sign, wanted = ''] = equalityForm.exec(term) ?? [];
  return key === undefined ? undefined : { key, matches: (value) => (value === wanted) === (sign !== '!=') };
}

function parseExistence(name: string): Requirement | undefined {
  if (/^![^\s=(),<>]+$/.test(name)) return { key: name.slice(1), matches: (value) => value === undefined };
  if (/^[^\s=(),!<>]+$/.test(name)) return { key: name, matches: (value) => value !== undefined };
  return undefined;
}

function parseComparison(term: string): Requirement | undefined {
  const [, key, sign, bound] = numberForm.exec(term) ?? [];
  if (key === undefined) return undefined;
  const limit = Number(bound);
  return {
    key,
    matches: (value) => value !== undefined && (sign === '>' ? Number(value) > limit : Number(value) < limit),
  };
}

const commonFields = ['metadata.name', 'metadata.namespace'];
const moreFields: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec.nodeName', 'spec.restartPolicy', 'spec.serviceAccountName', 'status.phase', 'status.podIP'],
  Event: ['reason', 'type', 'regarding.kind', 'regarding.name', 'regarding.namespace', 'regarding.uid'],
  Node: ['spec.unschedulable'],
  Namespace: ['status.phase'],
  Secret: ['type'],
};

export function fieldMatcher(resource: Resource, text: string | undefined): Matcher | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const terms = text.split(',').map((term) => equalityForm.exec(term) ?? []);
  for (const [, field] of terms) {
    if (field === undefined) throw badRequest(`invalid selector: '${text}'; can't understand '${text}'`);
    checkField(resource, field);
  }
  return (object) =>
    terms.every(([, field = '', sign, value]) => (fieldOf(object, field) === value) === (sign !== '!='));
}

function checkField({ kind }: Resource, field: string): void {
  const more = moreFields[kind];
  if (commonFields.includes(field) || more?.includes(field) === true) return;
  if (more !== undefined) throw badRequest(`field label not supported: ${field}`);
  throw badRequest(`"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`);
}

function fieldOf(object: Fields, field: string): string {
  const value = readPath(object, ...field.split('.'));
  return typeof value === 'string' ? value : '';
}
