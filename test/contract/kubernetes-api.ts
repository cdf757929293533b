import { afterAll, beforeAll } from 'vitest';
import type { Credentials } from '../../src/platform/kubernetes/secrets.ts';
import { openRawApi } from '../support/kubernetes/raw-api.ts';
import { describeDisruptions } from './kubernetes/disruptions.ts';
import { describeEndings } from './kubernetes/endings.ts';
import { describeImpersonation } from './kubernetes/impersonation.ts';
import { describePods } from './kubernetes/pods.ts';
import { createBookmarkWatch, describeReads } from './kubernetes/reads.ts';
import { describeRefusals } from './kubernetes/refusals.ts';
import { describeRollouts } from './kubernetes/rollouts.ts';
import { type ApiStage, done } from './kubernetes/stage.ts';
import { describeWrites } from './kubernetes/writes.ts';

/** What the project relies on in every API server and its controllers. `connect` answers an administrator's credentials. */
export function describeKubernetesApi(name: string, connect: () => Promise<Credentials>): void {
  const bookmarks = createBookmarkWatch();
  let current: ApiStage | undefined;

  beforeAll(async () => {
    const api = openRawApi(await connect());
    current = { api, namespace: `lifeguard-api-${process.pid}` };
    const body = { metadata: { name: current.namespace } };
    await done(current, { method: 'POST', path: '/api/v1/namespaces', body });
    bookmarks.begin(current);
  });

  afterAll(async () => {
    if (current === undefined) return;
    await current.api.call({ method: 'DELETE', path: `/api/v1/namespaces/${current.namespace}` });
    await current.api.close();
  });

  function stage(): ApiStage {
    if (current === undefined) throw new Error('the stage is not set');
    return current;
  }

  describeReads(name, stage);
  describeWrites(name, stage);
  describeRefusals(name, stage);
  describeImpersonation(name, stage);
  describeRollouts(name, stage);
  describePods(name, stage);
  describeDisruptions(name, stage);
  describeEndings(name, stage);
  bookmarks.describe(name);
}
