import { expect, it } from 'vitest';
import { findRoots } from '../../../src/analysis/correlation/correlate.ts';
import { detectors } from '../../../src/analysis/detectors/index.ts';
import { evaluateSubject } from '../../../src/analysis/evaluation.ts';
import type { Incident } from '../../../src/core/incident.ts';
import { joinFinding } from '../../../src/incidents/membership.ts';
import { renderRoot } from '../../../src/notifications/reports/root.ts';
import { renderThread } from '../../../src/notifications/reports/thread.ts';
import { aFinding, anIncident } from '../../support/builders.ts';
import { createDeskWorld } from '../../support/desk.ts';
import { createSteppedClock } from '../../support/fakes/clock.ts';
import { shownText } from '../../support/shown.ts';
import { aContainer, aNode, aPod, aWorkload, minutes, now, viewOf } from '../../support/views.ts';

const nodeRef = { kind: 'Node', namespace: '', name: 'node-1' };

/** A node that is not heard from since ten minutes, with the pods of so many workloads on it, four of each. */
function downWith(workloads: number) {
  const names = Array.from({ length: workloads }, (_, index) => `app-${index + 1}`);
  const since = now - 10 * minutes;
  const unknown = { type: 'Ready', status: 'Unknown' as const, reason: 'NodeStatusUnknown', message: '', since };
  const view = viewOf({
    node: [
      aNode({ ready: false, conditions: [unknown], allocatable: { cpu: 32, memory: 2 ** 36, pods: 110 } }),
      aNode({ name: 'node-2' }),
    ],
    revision: [],
    workload: names.map((name) =>
      aWorkload({ kind: 'StatefulSet', name, uid: `uid-${name}`, desired: 4, ready: 0, updated: 4, available: 0 }),
    ),
    pod: names.flatMap((name) =>
      [0, 1, 2, 3].map((ordinal) =>
        aPod({
          name: `${name}-${ordinal}`,
          node: 'node-1',
          owner: { kind: 'StatefulSet', name, uid: `uid-${name}` },
          containers: [aContainer({ ready: false })],
          createdAt: since - minutes,
          readySince: since,
        }),
      ),
    ),
  });
  return { view, refs: names.map((name) => ({ kind: 'StatefulSet', namespace: 'shop', name, uid: `uid-${name}` })) };
}

async function strike(workloads: number): Promise<readonly Incident[]> {
  const clock = createSteppedClock(now);
  const world = createDeskWorld({ clock });
  const { view, refs } = downWith(workloads);
  const configured = detectors.map((detector) => detector.configure({}));
  const surroundings = {
    correlate: (findings: Parameters<typeof findRoots>[0]) => findRoots(findings, view),
    labelsOf: () => ({}),
  };
  for (const subject of [...refs, nodeRef]) {
    const { findings } = evaluateSubject(configured, { subject, view, now });
    for (const finding of findings) await world.registry.observe(finding, surroundings);
    clock.advance(1_000);
  }
  await world.registry.regroup(surroundings);
  return world.registry.open();
}

it('a node that takes twelve workloads with it is one incident that says how much it swallows', async () => {
  const open = await strike(12);
  expect(open).toHaveLength(1);
  const [incident] = open;
  if (incident === undefined) throw new Error('there is none');
  const snapshot = { incident, proposals: [], executions: [] };
  const text = shownText(renderRoot(snapshot));
  expect(text).toContain('node-1: node is not ready');
  expect(text).toMatch(
    /\*Also because of it, 12 findings suppressed, 48 pods of 12 workloads:\* StatefulSet shop\/app-\d+: .* and others/,
  );
});

it('what joined one after the other is one post of its thread, however much it is', () => {
  const joined = (count: number): Incident =>
    Array.from({ length: count }, (_, index) => index).reduce((incident, index) => {
      const subject = { kind: 'StatefulSet', namespace: 'shop', name: `app-${index}` };
      const finding = aFinding({ subject, title: 'has fewer ready pods than it should' });
      return joinFinding(incident, { finding, because: 'its troubled pods run on node node-1' }, now + index);
    }, anIncident());
  const posts = (incident: Incident) =>
    renderThread({ incident, proposals: [], executions: [] }).filter(({ key }) => key.startsWith('joined'));
  const [one, few, many] = [joined(1), joined(12), joined(300)];
  expect(posts(one).map(({ message }) => message.text)).toEqual([
    'Joined: StatefulSet shop/app-0: has fewer ready pods than it should. It belongs here because its troubled pods run on node node-1.',
  ]);
  expect(posts(few)).toHaveLength(1);
  expect(posts(few)[0]?.message.text).toBe('Joined: 12 findings');
  expect(JSON.stringify(posts(few)[0]?.message)).toMatch(/StatefulSet shop\/app-0: .*shop\/app-9: .*… and 2 more\./);
  for (const grown of [few, many]) expect(posts(grown).map(({ key }) => key)).toEqual(posts(one).map(({ key }) => key));
  expect([many.related.length, many.timeline.length]).toEqual([300, 200]);
});
