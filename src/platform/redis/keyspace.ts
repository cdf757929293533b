/** Builds the keys of one cluster: `lg:<cluster>:<name>[:<part>]`. */
export interface Keyspace {
  key(name: string, part?: string): string;
}

export function createKeyspace(cluster: string): Keyspace {
  return { key: (name, part) => (part === undefined ? `lg:${cluster}:${name}` : `lg:${cluster}:${name}:${part}`) };
}
