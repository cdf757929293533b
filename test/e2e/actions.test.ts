import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActionContext } from '../../src/ops/context.ts';
import type { HttpClient } from '../../src/platform/kubernetes/http-client.ts';
import { actionCases, openActions, playAction } from '../support/action-play.ts';
import { createNamespace, removeNamespace, requireCluster } from '../support/kubernetes/real-cluster.ts';

const namespace = `lifeguard-actions-${process.pid}`;
let http: HttpClient;
let context: ActionContext;

beforeAll(async () => {
  http = await requireCluster();
  await createNamespace(http, namespace);
  context = openActions(http);
});

afterAll(async () => {
  await removeNamespace(http, namespace);
  await http.close();
});

describe('every action on a real cluster', () => {
  it.each(actionCases.map((one, index) => ({ ...one, name: `case-${index}` })))(
    '$action of a $kind is planned, applied once, proven and undone',
    async (one) => {
      const { verdict, changed, restored } = await playAction(one, one.name, { http, namespace, context });
      expect({ verdict, changed, restored }).toEqual({
        verdict: 'improved',
        changed: true,
        restored: one.action === 'restart-workload' ? undefined : true,
      });
    },
  );
});
