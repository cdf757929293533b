import type { KubeObject } from './objects.ts';
import type { Resource } from './resources.ts';

/** One version of an object. Its texts are made once, whoever asks for them. */
export interface Stored {
  readonly resource: Resource;
  readonly object: KubeObject;
  readonly version: number;
  /** The object as JSON. */
  text(): string;
  /** As an item of a list, where the server leaves out kind and apiVersion. */
  itemText(): string;
  /** A line of a watch. */
  line(type: ChangeType): Buffer;
  /** The metadata alone, as JSON. */
  metadataText(): string;
}

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

/** What stands for an object of which only the metadata is wanted. */
export const partialMeta = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' } as const;

export function createStored(resource: Resource, object: KubeObject, version: number): Stored {
  const { kind, apiVersion, metadata, ...rest } = object;
  const head = `{"kind":${JSON.stringify(kind)},"apiVersion":${JSON.stringify(apiVersion)},`;
  let body: string | undefined;
  const lines = new Map<ChangeType, Buffer>();
  /** Everything after the kind and the version. */
  function tail(): string {
    body ??= JSON.stringify({ metadata, ...rest }).slice(1);
    return body;
  }
  return {
    resource,
    object,
    version,
    text: () => `${head}${tail()}`,
    itemText: () => `{${tail()}`,
    line(type) {
      const known = lines.get(type);
      if (known !== undefined) return known;
      const line = Buffer.from(`{"type":"${type}","object":${head}${tail()}}\n`);
      lines.set(type, line);
      return line;
    },
    metadataText: () => JSON.stringify({ ...partialMeta, metadata }),
  };
}
