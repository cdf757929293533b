import { expect, it } from 'vitest';
import { deploymentManifest } from '../../demo/shop.ts';
import { readArray, readObject } from '../../src/core/json.ts';
import { askAndApprove } from '../support/approved.ts';
import { useNamespace } from '../support/kubernetes/own-namespace.ts';
import { carryOut, openRealWorld } from '../support/real-ops.ts';

const { http, namespace } = await useNamespace('consumers');

/** A running Deployment of one pod; `envFrom` is what it takes its environment from. */
async function createApp(name: string, envFrom: readonly object[]): Promise<void> {
  const made = deploymentManifest(namespace, { name, replicas: 1, version: '1.0.0' });
  const template = readObject(made, 'spec', 'template');
  const [container] = readArray(template, 'spec', 'containers');
  const containers = [{ ...readObject(container), envFrom }];
  const spec = {
    ...readObject(made, 'spec'),
    template: { ...template, spec: { ...readObject(template, 'spec'), containers } },
  };
  await http.json({
    method: 'POST',
    path: `/apis/apps/v1/namespaces/${namespace}/deployments`,
    body: JSON.stringify({ ...made, spec }),
  });
  const { workloads } = openRealWorld(http).ops;
  const ready = async () => (await workloads.read({ kind: 'Deployment', namespace, name }))?.ready;
  await expect.poll(ready).toBe(1);
}

it('what uses a ConfigMap is restarted, one workload after the other, and nothing else', async () => {
  const world = openRealWorld(http);
  const { objects, workloads } = world.ops;
  const body = { metadata: { name: 'settings' }, data: { MODE: 'a' } };
  const { ref: target } = await objects.create({ kind: 'ConfigMap', namespace, body, dryRun: false });
  const uses = [{ configMapRef: { name: 'settings' } }];
  await createApp('first', uses);
  await createApp('second', uses);
  await createApp('other', []);
  const id = await askAndApprove(world, { id: 'restart-consumers', target });
  expect(await carryOut(id, world)).toMatchObject({
    phase: 'proven',
    progress: { left: 0, text: 'Restarted 2 of 2 workloads.' },
  });
  const revision = async (name: string) => (await workloads.read({ kind: 'Deployment', namespace, name }))?.revision;
  expect([await revision('first'), await revision('second'), await revision('other')]).toEqual([2, 2, 1]);
});
