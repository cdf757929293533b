import { afterAll, beforeAll } from 'vitest';
import type { HttpClient } from '../../../src/platform/kubernetes/http-client.ts';
import { createNamespace, removeNamespace, requireCluster } from './real-cluster.ts';

/**
 * The real cluster, and a namespace of this test file in it: `lifeguard-<name>-<process>`. It is there before the hooks that the file adds after this
 * call, and goes after theirs.
 */
export async function useNamespace(name: string): Promise<{ readonly http: HttpClient; readonly namespace: string }> {
  const http = await requireCluster();
  const namespace = `lifeguard-${name}-${process.pid}`;
  beforeAll(() => createNamespace(http, namespace));
  afterAll(async () => {
    await removeNamespace(http, namespace);
    await http.close();
  });
  return { http, namespace };
}
