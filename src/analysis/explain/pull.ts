import { quoteKubelet } from './start-failure.ts';

/** Why an image cannot be pulled. */
export interface PullFailure {
  /** Completes "… cannot be pulled: "; no full stop. */
  readonly words: string;
  /** What to do about it: a sentence with the places of next steps; absent where nothing more is known than that. */
  readonly next?: string;
}

type Meaning = readonly [pattern: RegExp, words: string, next: string];

/** Words of registries and runtimes (containerd, CRI-O, Docker Hub) and what they mean. */
const meanings: readonly Meaning[] = [
  [
    /InvalidImageName|invalid reference format/i,
    'its name is not a valid image name',
    'Correct the name of the image with `{kube|} image {target|<workload>}`: lower case, registry/repository:tag, with nothing left to fill in.',
  ],
  [
    /ErrImageNeverPull/,
    'it is not on the node, and the pull policy is Never',
    'Load the image onto the node, or let it be pulled: imagePullPolicy IfNotPresent in the pod template.',
  ],
  [
    /toomanyrequests|429/i,
    'the registry limits the rate of pulls',
    'Wait until the limit of the registry passes, or pull as a known account (a pull Secret of the namespace) or through a mirror; the kubelet tries again by itself.',
  ],
  [
    /no match for platform|no matching manifest/i,
    'the image is not built for the processor architecture of the node',
    'Build the image for the architecture of the nodes too (`kubectl get nodes -L kubernetes.io/arch`), or keep the pods on nodes that fit with a node selector on kubernetes.io/arch.',
  ],
  [
    /unauthorized|denied|authentication required|40[13]/i,
    'the registry refuses access; a pull secret is missing or wrong, or the repository does not exist',
    'Check the name of the repository, and that the pods name a pull Secret (imagePullSecrets, or their ServiceAccount) whose account may read it; `{kube|} image {target|<workload>}` sets another image.',
  ],
  [
    /not found|manifest unknown|404/i,
    'the registry has no such image or tag',
    'Check name and tag of the image: was it pushed, and is the tag spelled right? `{kube|} image {target|<workload>}` sets one that exists.',
  ],
  [
    /x509/i,
    'the node does not trust the certificate of the registry',
    'Give the nodes the CA that signed the certificate of the registry, or see whether that certificate has ended; the kubelet tries again by itself.',
  ],
  [
    /no such host|i\/o timeout|connection refused|dial tcp/i,
    'the registry cannot be reached',
    'Check the host name in the image, and whether the node reaches that registry (DNS, proxy, firewall); `{kube|} image {target|<workload>}` sets an image of another one.',
  ],
  [
    /no space left/i,
    'the disk of the node is full',
    'Free the disk of the node (images and logs that nobody needs) or move the pods: `{kube|} cordon` keeps new pods away from it meanwhile.',
  ],
];

/** `reason` and `message` of the waiting container. */
export function explainPull(reason: string, message: string): PullFailure {
  const known = meanings.find(([pattern]) => pattern.test(reason) || pattern.test(message));
  if (known === undefined)
    return { words: quoteKubelet(message.replace(/^Back-off pulling image "[^"]*"(?:: )?/, '')) };
  const [, words, next] = known;
  return { words, next };
}
