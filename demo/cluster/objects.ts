import { isJsonObject, readArray, readObject, readString } from '../../src/core/json.ts';

/** Fields of any object of the API. Stored objects are never changed in place: a change is a new object. */
export type Fields = Readonly<Record<string, unknown>>;

export interface OwnerReference extends Fields {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

export interface Metadata extends Fields {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An object as the store holds it. */
export interface KubeObject extends Fields {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
}

export function specOf(object: Fields): Fields {
  return readObject(object, 'spec');
}

export function statusOf(object: Fields): Fields {
  return readObject(object, 'status');
}

export function labelsOf(object: unknown): Readonly<Record<string, string>> {
  return stringsOf(readObject(object, 'metadata', 'labels'));
}

export function annotationsOf(object: unknown): Readonly<Record<string, string>> {
  return stringsOf(readObject(object, 'metadata', 'annotations'));
}

export function stringsOf(fields: Fields): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

export function fieldsIn(list: readonly unknown[]): readonly Fields[] {
  return list.filter((item): item is Fields => isJsonObject(item));
}

export function ownersOf(object: Fields): readonly OwnerReference[] {
  return fieldsIn(readArray(object, 'metadata', 'ownerReferences')).map((owner) => ({
    ...owner,
    apiVersion: readString(owner, 'apiVersion') ?? '',
    kind: readString(owner, 'kind') ?? '',
    name: readString(owner, 'name') ?? '',
    uid: readString(owner, 'uid') ?? '',
  }));
}

/** The owner that controls the object. */
export function controllerOf(object: Fields): OwnerReference | undefined {
  return ownersOf(object).find((owner) => owner['controller'] === true);
}

/** The reference that makes `owner` the controller of a child. */
export function controlledBy(owner: KubeObject): OwnerReference {
  const { name, uid } = owner.metadata;
  return { apiVersion: owner.apiVersion, kind: owner.kind, name, uid, controller: true, blockOwnerDeletion: true };
}

/** `fields` with some replaced; entries that are undefined are taken out. */
export function merged<T extends Fields>(fields: T, changes: Fields): T {
  const result = { ...fields, ...changes };
  for (const [name, value] of Object.entries(changes)) if (value === undefined) Reflect.deleteProperty(result, name);
  return result;
}

export function withMetadata(object: KubeObject, changes: Fields): KubeObject {
  return { ...object, metadata: merged(object.metadata, changes) };
}

export function withStatus(object: KubeObject, status: Fields): KubeObject {
  return { ...object, status };
}

export function withSpec(object: KubeObject, changes: Fields): KubeObject {
  return { ...object, spec: merged(specOf(object), changes) };
}

/** Kubernetes writes whole seconds. */
export function timeText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
