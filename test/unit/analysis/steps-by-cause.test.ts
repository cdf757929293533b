import { describe, expect, it } from 'vitest';
import { explainFinding } from '../../../src/analysis/explain/finding-words.ts';
import { nextStepOf } from '../../../src/analysis/explain/next-steps.ts';
import { explainProbeFailure } from '../../../src/analysis/explain/probes.ts';
import { explainPull } from '../../../src/analysis/explain/pull.ts';
import { explainRefusal } from '../../../src/analysis/explain/refusal.ts';
import { explainScheduling } from '../../../src/analysis/explain/scheduling.ts';
import { explainStartFailure } from '../../../src/analysis/explain/start-failure.ts';
import { terminationStep } from '../../../src/analysis/explain/termination.ts';
import { commands } from '../../../src/handlers/commands.ts';
import { aFinding } from '../../support/builders.ts';
import { aContainer, aPod, aTermination, viewOf } from '../../support/views.ts';

const words = new Set(commands.map(({ id }) => id));

function refusal(message: string): string | undefined {
  return explainRefusal({ message, namespace: 'shop', view: viewOf({}) })?.next;
}

function scheduling(reasons: string): string | undefined {
  return explainScheduling(`0/3 nodes are available: ${reasons}. preemption: 0/3 nodes are available.`, 'shop').next;
}

function start(message: string): string | undefined {
  return explainStartFailure(message, 'shop').next;
}

function probe(message: string): string | undefined {
  return explainProbeFailure(message).next;
}

/** What a person on call should be told first, by the words of Kubernetes. */
const cases: readonly (readonly [message: string, step: string | undefined, says: RegExp])[] = [
  ...(
    [
      [
        'pods "x" is forbidden: exceeded quota: small, requested: pods=1, used: pods=3, limited: pods=3',
        /less of what is full.*or have .* raised/,
      ],
      ['pods "x" is forbidden: failed quota: small: must specify requests.cpu for: app', /Give every container/],
      ['pods "x" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true', /securityContext/],
      ['is forbidden: maximum memory usage per Container is 64Mi, but limit is 1Gi', /within the range/],
      ['admission webhook "team.example.com" denied the request: no team', /Change the pod template/],
      ["ValidatingAdmissionPolicy 'team' with binding 'b' denied request: no team", /Change the pod template/],
      ['failed calling webhook "team.example.com": connection refused', /Bring back what answers/],
      ['error looking up service account shop/x: serviceaccount "x" not found', /Create the|Create .*ServiceAccount/],
      ['Pod "x" is invalid: spec.containers[0].image: Required value', /Correct the field/],
    ] as const
  ).map(([message, says]) => [message, refusal(message), says] as const),
  ...(
    [
      ["3 node(s) didn't match Pod's node affinity/selector", /node selector or affinity.*label a node/],
      ['1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 Insufficient cpu', /Make room/],
      [
        "1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 node(s) didn't match Pod's node affinity/selector",
        /node selector or affinity/,
      ],
      ['3 node(s) had untolerated taint {dedicated: gpu}', /toleration/],
      ["1 node(s) were unschedulable, 2 node(s) didn't match Pod's node affinity/selector", /Bring the nodes back/],
      ["3 node(s) didn't match pod anti-affinity rules", /fewer replicas/],
      ["3 node(s) didn't have free ports for the requested pod ports", /fewer replicas/],
      ['3 node(s) had volume node affinity conflict', /zone back/],
      ['persistentvolumeclaim "data" not found', /create it, or correct its name/],
      ['pod has unbound immediate PersistentVolumeClaims', /has no volume/],
      [
        '3 node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use',
        /let it stop/,
      ],
    ] as const
  ).map(([message, says]) => [message, scheduling(message), says] as const),
  ...(
    [
      ['exec: "wge": executable file not found in $PATH: unknown', /Correct command and args/],
      ['exec: "/run.sh": permission denied', /chmod \+x/],
      ['exec /app: exec format error', /architecture/],
      ['no command specified', /Name a command/],
      ['container has runAsNonRoot and image will run as root', /runAsUser/],
      ['Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) a', /which pod still has it/],
      ['driver name ebs.csi.aws.com not found in the list of registered CSI drivers', /csinodes/],
      ['error mounting "/a" to rootfs at "/etc/app.conf": not a directory', /subPath/],
    ] as const
  ).map(([message, says]) => [message, start(message), says] as const),
  ...(
    [
      ['Get "http://10.0.0.1:8081/": dial tcp 10.0.0.1:8081: connect: connection refused', /port of the probe/],
      ['HTTP probe failed with statuscode: 404', /path of the probe/],
      ['HTTP probe failed with statuscode: 401', /needs no sign-in/],
      ['HTTP probe failed with statuscode: 503', /not well/],
      ['Get "https://10.0.0.1/": http: server gave HTTP response to HTTPS client', /scheme HTTP /],
    ] as const
  ).map(([message, says]) => [message, probe(message), says] as const),
  ...(
    [
      ['InvalidImageName', '', /Correct the name/],
      ['ErrImageNeverPull', '', /imagePullPolicy/],
      ['ErrImagePull', 'toomanyrequests: You have reached your pull rate limit', /Wait until the limit/],
      ['ErrImagePull', 'no match for platform in manifest: not found', /architecture of the nodes/],
      ['ErrImagePull', 'pull access denied, repository does not exist', /pull Secret/],
      ['ErrImagePull', 'manifest for shop:9 not found: manifest unknown', /tag spelled right/],
      ['ErrImagePull', 'tls: failed to verify certificate: x509: certificate signed by unknown authority', /the CA/],
      ['ErrImagePull', 'dial tcp: lookup registry.invalid: no such host', /host name/],
      ['ErrImagePull', 'write /var/lib/containerd/x: no space left on device', /Free the disk/],
    ] as const
  ).map(([reason, message, says]) => [`${reason} ${message}`, explainPull(reason, message).next, says] as const),
];

describe.each(cases)('what to do about %s', (_, step, says) => {
  const { release: _release, ...bare } = aFinding({ kind: 'crash-loop' });
  const next = nextStepOf(step === undefined ? bare : { ...bare, step }, undefined, '/kube') ?? '';

  it('fits the cause, as a sentence with whole commands that there are', () => {
    expect(next).toMatch(says);
    expect(next).toMatch(/^[A-Z][^\n]{40,400}\.$/);
    expect(next).not.toMatch(/[{}]/);
    expect(next.split('`').length % 2).toBe(1);
    const named = [...next.matchAll(/\/kube (\S+?)[`\s]/g)].map(([, word = '']) => word);
    expect(named.filter((word) => !words.has(word))).toEqual([]);
  });
});

describe('the step of a cause', () => {
  it('stands in place of that of its kind', () => {
    const { release: _release, ...bare } = aFinding({ kind: 'crash-loop' });
    expect(nextStepOf({ ...bare, step: 'Ask {target|it}.' }, undefined, '/kube')).toBe('Ask shop/checkout.');
  });

  it('becomes what is told next, and is not kept beside it', () => {
    const told = explainFinding(aFinding({ step: 'Ask {target|it}.' }), [], '/kube');
    expect(told.next).toMatch(/^Ask shop\/checkout\./);
    expect(told).not.toHaveProperty('step');
  });

  it.each([
    [{ exitCode: 0, reason: 'Completed' }, /keep running/],
    [{ exitCode: 137, reason: 'Error' }, /killed from outside/],
    [{ exitCode: 137, reason: 'OOMKilled' }, /nothing limits the container/],
  ])('is known by the end %o alone', (end, says) => {
    const { memoryLimit: _limit, ...container } = aContainer();
    expect(terminationStep({ pod: aPod(), container, latest: aTermination(end) })).toMatch(says);
  });

  it('is left to the log of a program that fails, and to the limit of one that needs more than it may', () => {
    const [failed, large] = [aTermination({ exitCode: 1 }), aTermination({ exitCode: 137, reason: 'OOMKilled' })];
    const container = aContainer({ memoryLimit: 2 ** 26 });
    const steps = [failed, large].map((latest) => terminationStep({ pod: aPod(), container, latest }));
    expect(steps).toEqual([undefined, undefined]);
  });

  it('is left to the kind where the words of Kubernetes are not known', () => {
    expect([refusal('etcdserver: request timed out'), start('something new'), probe('something new')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(explainPull('ErrImagePull', 'something new')).toEqual({ words: 'Kubernetes says: something new' });
    expect(explainPull('ImagePullBackOff', 'Back-off pulling image "shop:1"')).toEqual({
      words: 'the kubelet gives no reason',
    });
  });
});
