import { describe, expect, it } from 'vitest';
import { actionCases, openActions, playAction } from '../support/action-play.ts';
import { useNamespace } from '../support/kubernetes/own-namespace.ts';

const { http, namespace } = await useNamespace('actions');
const context = openActions(http);

describe.concurrent('every action on a real cluster', () => {
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
