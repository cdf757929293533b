import { describe, expect, it } from 'vitest';
import { containerConfig } from '../../../src/analysis/detectors/container-config.ts';
import type { EventView } from '../../../src/core/views/event.ts';
import type { ContainerView, PodView } from '../../../src/core/views/pod.ts';
import {
  aContainer,
  anEvent,
  aPod,
  aTermination,
  checkout,
  minutes,
  now,
  seconds,
  viewOf,
} from '../../support/views.ts';

const detector = containerConfig.configure({});

function waiting(reason: string, message = '', overrides: Partial<ContainerView> = {}): ContainerView {
  return aContainer({ ready: false, started: false, state: { phase: 'waiting', reason, message }, ...overrides });
}

function pendingPod(container: ContainerView, overrides: Partial<PodView> = {}): PodView {
  return aPod({ phase: 'Pending', containers: [container], ...overrides });
}

const creating = waiting('ContainerCreating');

function podEvent(reason: string, note: string, overrides: Partial<EventView> = {}): EventView {
  const regarding = { kind: 'Pod', namespace: 'shop', name: 'checkout-2-a', uid: 'uid-checkout-2-a' };
  return anEvent({ regarding, reason, note, createdAt: now - 20 * seconds, lastSeen: now - 5 * seconds, ...overrides });
}

function judge(pods: readonly PodView[], events: readonly EventView[] = []) {
  return detector.evaluate({ subject: checkout, view: viewOf({ pod: pods, event: events }), now });
}

const noSuchFile =
  'runc create failed: unable to start container process: exec: "/serve": stat /serve: no such file or directory: unknown';
const newMount = 'MountVolume.SetUp failed for volume "settings" : ';

describe('fires on a container', () => {
  it.each([
    ['CreateContainerConfigError', 'configmap "limits" not found', 'ConfigMap limits does not exist'],
    ['CreateContainerConfigError', 'secret "db" not found', 'Secret db does not exist'],
    ['CreateContainerConfigError', "couldn't find key url in Secret shop/db", 'Secret db has no key url'],
    ['CreateContainerConfigError', 'container has runAsNonRoot and image will run as root', 'it must not run as root'],
    ['RunContainerError', noSuchFile, 'its command /serve is not in the image'],
    ['CreateContainerError', 'the runtime is in a bad mood', 'Kubernetes says: the runtime is in a bad mood'],
  ])('that waits with %s: %s', (reason, message, words) => {
    const [finding] = judge([pendingPod(waiting(reason, message))]).findings;
    expect(finding).toMatchObject({ kind: 'container-config', severity: 'critical', affectedPods: 1 });
    expect(finding?.cause).toContain(`Container app cannot be started: ${words}`);
    expect(finding?.cause).toContain(`(${reason})`);
    expect(finding?.release).toMatchObject({ fromRevision: 1, toRevision: 2 });
  });

  it.each([
    ['wgte', ''],
    ['wge', '; wget may be meant'],
    ['pyton', '; python may be meant'],
    ['startup', ''],
    ['curl', ''],
  ])('whose command %s is not there, and says what may be meant%s', (command, words) => {
    const message = `exec: "${command}": executable file not found in $PATH: unknown`;
    const [finding] = judge([pendingPod(waiting('RunContainerError', message))]).findings;
    expect(finding?.cause).toContain(`its command ${command} is not in the image${words} (`);
  });

  it('and names what is missing, so that others who miss it can be told together', () => {
    const message = "couldn't find key url in ConfigMap shop/limits";
    const [finding] = judge([pendingPod(waiting('CreateContainerConfigError', message))]).findings;
    expect(finding?.about).toEqual([{ kind: 'ConfigMap', namespace: 'shop', name: 'limits' }]);
  });

  it('that fails to begin again, in the words it was told with before', () => {
    const last = aTermination({ exitCode: 128, reason: 'StartError', message: noSuchFile });
    const told = ['RunContainerError', 'CrashLoopBackOff'].map(
      (reason) => judge([pendingPod(waiting(reason, noSuchFile, { last }))]).findings[0]?.cause,
    );
    expect(told[0]).toBe(told[1]);
  });

  it('that never began and waits for its next try, at once', () => {
    const last = aTermination({ exitCode: 128, reason: 'StartError', message: noSuchFile });
    const container = waiting('CrashLoopBackOff', 'back-off 20s', { last, restarts: 2 });
    const [finding] = judge([aPod({ containers: [container], createdAt: now - seconds })]).findings;
    expect(finding?.cause).toContain('its command /serve is not in the image (StartError)');
  });
});

describe('fires on a pod that cannot begin', () => {
  it.each([
    [
      'FailedMount',
      `${newMount}configmap "limits" not found`,
      'volume settings cannot be mounted: ConfigMap limits does not',
    ],
    [
      'FailedMount',
      `${newMount}configmap references non-existent config key: a`,
      'ConfigMap of its volumes has no key a',
    ],
    ['FailedMount', `${newMount}hostPath type check failed: /data is not a directory`, 'no directory /data'],
  ])('because of its volume: %s %s', (reason, note, words) => {
    const [finding] = judge([pendingPod(creating)], [podEvent(reason, note)]).findings;
    expect(finding?.cause).toContain(words);
  });

  it.each([
    ['FailedAttachVolume', 'Multi-Attach error for volume "pvc-1" Volume is already used', 'still attached to another'],
    ['FailedCreatePodSandBox', 'plugin type="bridge" failed: no addresses left', 'its network cannot be set up'],
  ])('once the patience with %s is over', (reason, note, words) => {
    const pod = pendingPod(creating, { createdAt: now - 61 * seconds });
    expect(judge([pod], [podEvent(reason, note)]).findings[0]?.cause).toContain(words);
    const young = { ...pod, createdAt: now - 50 * seconds };
    expect(judge([young], [podEvent(reason, note)])).toEqual({ findings: [], recheckAt: now + 10 * seconds });
  });
});

describe('stays silent', () => {
  const missing = waiting('CreateContainerConfigError', 'secret "db" not found');
  const mount = podEvent('FailedMount', `${newMount}secret "db" not found`);

  it('while the missing object may still be on its way, and looks again', () => {
    const judged = judge([pendingPod(missing, { createdAt: now - 4 * seconds })]);
    expect(judged).toEqual({ findings: [], recheckAt: now + 16 * seconds });
  });

  it.each<[string, PodView, readonly EventView[]]>([
    ['on a container that is being created', pendingPod(creating), []],
    ['on a missing image', pendingPod(waiting('ImagePullBackOff')), []],
    ['on a crash loop', aPod({ containers: [waiting('CrashLoopBackOff', '', { last: aTermination() })] }), []],
    ['on a pod that is being deleted', pendingPod(missing, { deletion: { since: now, finalizers: [] } }), []],
    ['on a pod that has ended', pendingPod(missing, { phase: 'Failed' }), []],
    ['on a pod that runs since its volume came', aPod(), [mount]],
    ['on an Event of a namesake', pendingPod(creating, { uid: 'uid-other' }), [mount]],
    ['on an Event of the past', pendingPod(creating), [{ ...mount, lastSeen: now - 6 * minutes }]],
    [
      'on a pod without a node',
      pendingPod(creating, { unscheduled: { reason: '', message: '', since: now } }),
      [mount],
    ],
  ])('%s', (_case, pod, events) => {
    expect(judge([pod], events).findings).toEqual([]);
  });
});
