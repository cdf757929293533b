import { z } from 'zod';
import type { ContainerView, PodView } from '../../core/views/pod.ts';
import { defineDetector, type Judgement, type Subject } from '../detector.ts';
import { findingOfPods, livePods } from '../pod-finding.ts';

const ImagePullParams = z.strictObject({
  /** One failed pull is tried again at once by the kubelet and often works; it counts after this long. */
  graceSeconds: z.number().nonnegative().default(10),
});
type ImagePullParams = z.infer<typeof ImagePullParams>;

const titles = { 'image-pull': 'image cannot be pulled' } as const;

/** Waiting reasons of the kubelet (k8s.io/kubernetes pkg/kubelet/images): those that time does not mend, and the one that it may. */
const lasting = new Set(['ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull', 'ImageInspectError']);
const passing = new Set(['ErrImagePull', 'RegistryUnavailable', 'SignatureValidationFailed']);

interface Stuck {
  readonly pod: PodView;
  readonly container: ContainerView;
  readonly reason: string;
  readonly message: string;
}

/** A container waits for an image that does not come. */
export const imagePull = defineDetector({
  id: 'image-pull',
  judges: 'pods',
  kinds: titles,
  params: ImagePullParams,
  evaluate: evaluateImagePull,
});

function evaluateImagePull(subject: Subject, { graceSeconds }: ImagePullParams): Judgement {
  const waiting = livePods(subject).flatMap(stuckContainers);
  const due = (one: Stuck): number => one.pod.createdAt + (lasting.has(one.reason) ? 0 : graceSeconds * 1000);
  const [worst, ...others] = waiting.filter((one) => due(one) <= subject.now);
  const pending = waiting.map(due).filter((at) => at > subject.now);
  const recheck = pending.length === 0 ? {} : { recheckAt: Math.min(...pending) };
  if (worst === undefined) return { findings: [], ...recheck };
  const affected = [...new Set([worst, ...others].map((one) => one.pod))];
  const finding = findingOfPods(subject, {
    detector: 'image-pull',
    kind: 'image-pull',
    title: titles['image-pull'],
    cause: [describePull(worst)],
    since: Math.min(...affected.map((pod) => pod.createdAt)),
    affected,
  });
  return { findings: [finding], ...recheck };
}

function stuckContainers(pod: PodView): Stuck[] {
  return pod.containers.flatMap((container) => {
    if (container.state.phase !== 'waiting') return [];
    const { reason, message = '' } = container.state;
    return lasting.has(reason) || passing.has(reason) ? [{ pod, container, reason, message }] : [];
  });
}

function describePull({ container, reason, message }: Stuck): string {
  return `Image ${container.image} of container ${container.name} cannot be pulled: ${explainPull(reason, message)} (${reason}).`;
}

/** Words of registries and runtimes (containerd, CRI-O, Docker Hub) and what they mean. */
const meanings: readonly (readonly [RegExp, string])[] = [
  [/InvalidImageName|invalid reference format/i, 'its name is not a valid image name'],
  [/ErrImageNeverPull/, 'it is not on the node, and the pull policy is Never'],
  [/toomanyrequests|429/i, 'the registry limits the rate of pulls'],
  [
    /unauthorized|denied|authentication required|40[13]/i,
    'the registry refuses access; a pull secret is missing or wrong, or the repository does not exist',
  ],
  [/not found|manifest unknown|404/i, 'the registry has no such image or tag'],
  [/no such host|i\/o timeout|connection refused|dial tcp|x509/i, 'the registry cannot be reached'],
  [/no space left/i, 'the disk of the node is full'],
];

function explainPull(reason: string, message: string): string {
  const known = meanings.find(([pattern]) => pattern.test(reason) || pattern.test(message));
  return known?.[1] ?? 'the kubelet gives no reason';
}
