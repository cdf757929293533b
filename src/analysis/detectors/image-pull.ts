import { z } from 'zod';
import type { ContainerView, PodView } from '../../core/views/pod.ts';
import { defineDetector, type Judgement, type Subject } from '../detector.ts';
import { explainPull } from '../explain/pull.ts';
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
    step: explainPull(worst.reason, worst.message).next,
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
  return `Image ${container.image} of container ${container.name} cannot be pulled: ${explainPull(reason, message).words} (${reason}).`;
}
