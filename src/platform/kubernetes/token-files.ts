import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { readArray, readString } from '../../core/json.ts';

/** User name -> path of the file that holds the user's bearer token. */
export type TokenFiles = ReadonlyMap<string, string>;

/** The users with a `tokenFile` in the text of a kubeconfig; as in client-go, a relative path counts from the kubeconfig's folder. */
export function findTokenFiles(text: string, file: string): TokenFiles {
  const found = readArray(parse(text), 'users').flatMap((entry) => {
    const [name, path] = [readString(entry, 'name'), readString(entry, 'user', 'tokenFile')];
    return name === undefined || path === undefined || path === ''
      ? []
      : [[name, resolve(dirname(file), path)] as const];
  });
  return new Map(found);
}

/** Puts the token that the current user's file holds now in place; client-node does not know the field. Throws where it cannot be read. */
export async function readTokenFile(config: KubeConfig, files: TokenFiles): Promise<void> {
  const user = config.getCurrentUser();
  const file = user === null ? undefined : files.get(user.name);
  if (user === null || file === undefined) return;
  const token = (await readFile(file, 'utf8')).trim();
  config.users = config.users.map((known) => (known.name === user.name ? { ...known, token } : known));
}
