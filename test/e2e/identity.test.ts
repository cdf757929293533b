import { describe, expect, it, vi } from 'vitest';
import { deploymentManifest } from '../../demo/shop.ts';
import type { Identity } from '../../src/core/identity.ts';
import { type JsonObject, readNumber, readString } from '../../src/core/json.ts';
import { approve } from '../../src/ops/approve.ts';
import type { OpsContext } from '../../src/ops/context.ts';
import { advanceExecution } from '../../src/ops/execute.ts';
import { submit } from '../../src/ops/submit.ts';
import { createAccess } from '../../src/platform/kubernetes/access.ts';
import { describeAccess } from '../contract/access.ts';
import { openActions } from '../support/action-play.ts';
import { createDeskWorld } from '../support/desk.ts';
import { bind, createAccessStage } from '../support/kubernetes/access-stage.ts';
import { useNamespace } from '../support/kubernetes/own-namespace.ts';
import { soon } from '../support/patience.ts';

const { http, namespace } = await useNamespace('identity');
const stage = createAccessStage(http, namespace);

describeAccess('a real API server', () => stage);

describe('what somebody approves', () => {
  const rules = [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['patch'] }];

  /** A Deployment, and a proposal to scale it that waits for somebody who is `identity` in Kubernetes. */
  async function propose(name: string, identity: Identity) {
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
    const manifest = deploymentManifest(namespace, { name, replicas: 1, version: '1.0.0', memoryLimit: '64Mi' });
    await http.json({ method: 'POST', path, body: JSON.stringify(manifest) });
    const world = createDeskWorld();
    const ops: OpsContext = {
      ...world.ops,
      ...openActions(http),
      impersonation: {
        identities: { users: { U_ANA: identity }, groups: {}, others: 'denied' },
        access: createAccess(http),
      },
    };
    const target = { kind: 'Deployment', namespace, name } as const;
    const incident = await world.registry.request(target, 'A test wants it.');
    const submission = await submit(
      {
        incidentId: incident.id,
        actionId: 'scale-workload',
        params: { target, replicas: 2 },
        reason: 'test',
        origin: { surface: 'slash', user: 'U_BEN' },
      },
      ops,
    );
    if ('refused' in submission) throw new Error(submission.refused);
    const { id } = submission.proposal;
    const read = (): Promise<JsonObject> => http.json({ path: `${path}/${name}` });
    return {
      id,
      ops,
      approve: () => approve({ proposalId: id, user: 'U_ANA', groups: [] }, ops),
      replicas: async () => readNumber(await read(), 'spec', 'replicas'),
      isUntouched: async () => {
        const live = await read();
        const mark = readString(live, 'metadata', 'annotations', 'lifeguard.dev/last-write');
        return readNumber(live, 'metadata', 'generation') === 1 && mark === undefined;
      },
    };
  }

  it('is refused, and nothing is written, where they may not do it in Kubernetes; done where they may', async () => {
    const ana: Identity = { user: `ana-${namespace}`, groups: [] };
    const scene = await propose('scaled', ana);
    expect(await scene.approve()).toEqual({
      held: `In Kubernetes, ${ana.user} may not patch deployments scaled in namespace ${namespace}.`,
    });
    expect(await scene.isUntouched()).toBe(true);
    expect((await scene.ops.proposals.get(scene.id))?.state).toBe('awaiting-approval');
    await bind(http, namespace, { name: 'ana', subject: { kind: 'User', name: ana.user }, rules });
    await vi.waitFor(async () => expect(await scene.approve()).toHaveProperty('proposal.state', 'approved'), soon);
    for (let step = 0; step < 2; step += 1) await advanceExecution(scene.id, scene.ops);
    expect(await scene.replicas()).toBe(2);
  });

  it('is written in their name: once they may not any more, the API server refuses them, although Lifeguard may', async () => {
    const eve: Identity = { user: `eve-${namespace}`, groups: ['shop-devs'] };
    const scene = await propose('kept', eve);
    await bind(http, namespace, { name: 'devs', subject: { kind: 'Group', name: 'shop-devs' }, rules });
    await vi.waitFor(async () => expect(await scene.approve()).toHaveProperty('proposal.state', 'approved'), soon);
    await advanceExecution(scene.id, scene.ops);
    expect((await scene.ops.executions.get(scene.id))?.phase).toBe('applying');
    const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
    await http.json({ method: 'DELETE', path: `${rbac}/rolebindings/devs` });
    const right = { apiGroup: 'apps', resource: 'deployments', verb: 'patch', namespace, name: 'kept' };
    await vi.waitFor(async () => expect(await createAccess(http).missing(eve, [right])).toHaveLength(1), soon);
    await advanceExecution(scene.id, scene.ops);
    expect(await scene.ops.executions.get(scene.id)).toMatchObject({
      phase: 'refused',
      outcome: expect.stringMatching(new RegExp(`^Not applied: .*may not patch deployments.* bound to ${eve.user}`)),
    });
    expect(await scene.isUntouched()).toBe(true);
  });

  it('is asked about by the API server as who they are', async () => {
    const answer = await http.as({ user: 'alice@example.com', groups: ['people', 'devs'] }).json({
      method: 'POST',
      path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      body: JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }),
    });
    expect(answer['status']).toMatchObject({
      userInfo: { username: 'alice@example.com', groups: ['people', 'devs', 'system:authenticated'] },
    });
  });
});
