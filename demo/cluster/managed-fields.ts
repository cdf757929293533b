import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, readArray, readObject, readString } from '../../src/core/json.ts';
import { ApiFailure } from './failure.ts';
import {
  type FieldPath,
  type FieldSet,
  fieldSetOf,
  fieldTree,
  pathText,
  setOfTree,
  valueAt,
  withoutPath,
} from './field-sets.ts';
import { type Fields, fieldsIn, timeText } from './objects.ts';
import { patchObject, patchTypes } from './patches.ts';

type Operation = 'Apply' | 'Update';

interface Ownership {
  readonly manager: string;
  readonly operation: Operation;
  /** Through which it wrote, where not to the object itself. */
  readonly subresource: string | undefined;
  readonly apiVersion: string;
  readonly time: string;
  readonly fields: FieldSet;
}

function ownershipsOf(object: Fields): readonly Ownership[] {
  return fieldsIn(readArray(object, 'metadata', 'managedFields')).map((entry) => ({
    manager: readString(entry, 'manager') ?? '',
    operation: entry['operation'] === 'Apply' ? 'Apply' : 'Update',
    subresource: readString(entry, 'subresource'),
    apiVersion: readString(entry, 'apiVersion') ?? '',
    time: readString(entry, 'time') ?? '',
    fields: setOfTree(readObject(entry, 'fieldsV1')),
  }));
}

function withOwnerships(object: Fields, ownerships: readonly Ownership[]): Fields {
  const managedFields = ownerships
    .filter(({ fields }) => fields.size > 0)
    .map(({ fields, ...rest }) => ({ ...rest, fieldsType: 'FieldsV1', fieldsV1: fieldTree(fields) }));
  return { ...object, metadata: { ...readObject(object, 'metadata'), managedFields } };
}

/** Notes that `writer` wrote what differs between the two. */
export function ownChanges(before: Fields, after: Fields, writer: Pick<Owner, 'manager' | 'subresource'>): Fields {
  const changed = new Map(
    [...fieldSetOf(after)].filter(([, path]) => !isDeepStrictEqual(valueAt(after, path), valueAt(before, path))),
  );
  const present = fieldSetOf(after);
  const known = ownershipsOf(before);
  const owner = { ...writer, operation: 'Update', object: after } as const;
  if (changed.size === 0)
    return withOwnerships(
      after,
      known.map((one) => keep(one, present)),
    );
  const others = known.map((one) => {
    return keep(isOf(one, owner) ? one : without(one, changed), present);
  });
  return withOwnerships(after, addFields(others, owner, changed));
}

interface Owner {
  readonly manager: string;
  readonly operation: Operation;
  readonly subresource?: string | undefined;
  readonly object: Fields;
}

function isOf(one: Ownership, { manager, operation, subresource }: Owner): boolean {
  return one.manager === manager && one.operation === operation && one.subresource === subresource;
}

function addFields(known: readonly Ownership[], owner: Owner, fields: FieldSet): readonly Ownership[] {
  const { manager, operation, subresource } = owner;
  const apiVersion = readString(owner.object, 'apiVersion') ?? '';
  const own = known.find((one) => isOf(one, owner));
  const all = new Map([...(operation === 'Apply' ? [] : (own?.fields ?? [])), ...fields]);
  const made = { manager, operation, subresource, apiVersion, time: timeText(Date.now()), fields: all };
  return own === undefined ? [...known, made] : known.map((one) => (one === own ? made : one));
}

function keep(one: Ownership, present: FieldSet): Ownership {
  return { ...one, fields: new Map([...one.fields].filter(([key]) => present.has(key))) };
}

function without(one: Ownership, taken: FieldSet): Ownership {
  return { ...one, fields: new Map([...one.fields].filter(([key]) => !taken.has(key))) };
}

export interface ApplyRequest {
  readonly live: Fields;
  /** What the manager wants, and nothing else. */
  readonly wanted: Fields;
  readonly manager: string;
  /** Takes fields from other managers. */
  readonly force: boolean;
}

/** Server-side apply. Throws 409 where another manager wants another value. */
export function applyFields({ live, wanted, manager, force }: ApplyRequest): Fields {
  const known = ownershipsOf(live);
  const own = known.find((one) => one.manager === manager && one.operation === 'Apply');
  const fields = fieldSetOf(wanted);
  const disputed = new Map(
    [...fields].filter(([, path]) => isDisputed(valueAt(live, path), valueAt(wanted, path), path)),
  );
  const others = known.filter((one) => one !== own);
  if (!force) checkConflicts(others, disputed);
  const remaining = known.map((one) => (one === own ? one : without(one, disputed)));
  const dropped = [...(own?.fields ?? [])].filter(
    ([key]) => !fields.has(key) && !others.some((one) => one.fields.has(key)),
  );
  const merged = patchObject(live, patchTypes.strategic, wanted);
  const pruned = dropped.reduce<unknown>((object, [, path]) => withoutPath(object, path), merged);
  const result = fieldsIn([pruned])[0] ?? {};
  return withOwnerships(result, addFields(remaining, { manager, operation: 'Apply', object: wanted }, fields));
}

/** An empty object asks for nothing that an object there does not have. */
function isDisputed(live: unknown, wanted: unknown, path: FieldPath): boolean {
  if (path.at(-1) === '.' || isDeepStrictEqual(live, wanted)) return false;
  return !(isJsonObject(wanted) && isJsonObject(live) && Object.keys(wanted).length === 0);
}

function checkConflicts(others: readonly Ownership[], disputed: FieldSet): void {
  const causes = others.flatMap(({ manager, operation, apiVersion, fields }) =>
    [...disputed]
      .filter(([key]) => fields.has(key))
      .map(([, path]) => ({
        reason: 'FieldManagerConflict',
        message: `conflict with "${manager}"${operation === 'Update' ? ` using ${apiVersion}` : ''}`,
        field: pathText(path),
      })),
  );
  if (causes.length === 0) return;
  const count = causes.length === 1 ? '1 conflict' : `${causes.length} conflicts`;
  throw new ApiFailure({
    code: 409,
    reason: 'Conflict',
    message: `Apply failed with ${count}: ${causesText(causes)}`,
    details: { causes },
  });
}

function causesText(causes: readonly { readonly message: string; readonly field: string }[]): string {
  if (causes.length === 1) return causes.map(({ message, field }) => `${message}: ${field}`).join('');
  const messages = [...new Set(causes.map(({ message }) => message))];
  return messages
    .map((one) =>
      [
        `${one}s:`.replace('conflict with', 'conflicts with').replace(/s:$/, ':'),
        ...causes.filter(({ message }) => message === one).map(({ field }) => `- ${field}`),
      ].join('\n'),
    )
    .join('\n');
}
