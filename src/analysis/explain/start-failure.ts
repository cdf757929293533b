import { distance } from 'fastest-levenshtein';
import { cutStart } from '../../core/cut.ts';
import type { ResourceRef } from '../../core/resource-ref.ts';

/** Why a container cannot be started, in words, and the object that is missing where it is one. */
export interface StartFailure {
  /** Completes "Container app cannot be started: …"; no full stop. */
  readonly words: string;
  readonly about?: ResourceRef;
  /** What to do about it: a sentence with the places of next steps; absent where nothing more is known than that. */
  readonly next?: string;
  /** True where waiting does not mend it, only a change does. */
  readonly lasting: boolean;
}

/** Kinds as the kubelet writes them within sentences. */
const kinds: Readonly<Record<string, string>> = {
  configmap: 'ConfigMap',
  secret: 'Secret',
  persistentvolumeclaim: 'PersistentVolumeClaim',
};

/** What the kubelet or the runtime says (k8s.io/kubernetes pkg/kubelet, containerd, runc), in words that people understand. */
export function explainStartFailure(message: string, namespace: string): StartFailure {
  return findMissing(message, namespace) ?? findMeaning(message) ?? { words: quoteKubelet(message), lasting: false };
}

function findMissing(message: string, namespace: string): StartFailure | undefined {
  const [, kindWord = '', name] = /(configmap|secret|persistentvolumeclaim) "([^"]+)" not found/i.exec(message) ?? [];
  const kind = kinds[kindWord.toLowerCase()];
  if (kind !== undefined && name !== undefined) {
    return { words: `${kind} ${name} does not exist`, about: { kind, namespace, name }, lasting: false };
  }
  const key = /couldn't find key (\S+) in (ConfigMap|Secret) ([^/\s]+)\/([^\s"]+)/.exec(message);
  if (key === null) return undefined;
  const [, keyName = '', keyKind = '', keyNamespace = '', owner = ''] = key;
  const about = { kind: keyKind, namespace: keyNamespace, name: owner };
  return { words: `${keyKind} ${owner} has no key ${keyName}`, about, lasting: false };
}

type Meaning = readonly [pattern: RegExp, words: (match: readonly string[]) => string, next?: string];

const meanings: readonly Meaning[] = [
  [
    /exec: "([^"]+)":.*(?:no such file|not found)/,
    ([, path = '']) => `its command ${path} is not in the image${suggest(path)}`,
    'Correct command and args of the container in the pod template, or use an image that has the program (`{kube|} image {target|<workload>}`); waiting does not mend it.',
  ],
  [
    /exec: "([^"]+)":.*permission denied/,
    ([, path = '']) => `its command ${path} may not be executed`,
    'Make the file executable in the image (chmod +x) for the user that the container runs as, or start it through its interpreter (command: sh, args: the file).',
  ],
  [
    /exec format error/,
    () => 'its image is built for another processor architecture than that of the node',
    'Build the image for the architecture of the nodes too (`kubectl get nodes -L kubernetes.io/arch`), or keep the pods on nodes that fit with a node selector on kubernetes.io/arch.',
  ],
  [
    /no command specified/i,
    () => 'neither it nor its image names a command',
    'Name a command for the container in the pod template, or use an image that has an entrypoint (`{kube|} image {target|<workload>}`).',
  ],
  [/references non-existent (config|secret) key: (\S+)/, ([, kind, key = '']) => namesNoKey(kind, key)],
  [
    /runAsNonRoot|breaks non-root policy/,
    () => 'it must not run as root (runAsNonRoot), and its image or its runAsUser says root',
    'Set runAsUser in the securityContext of the container to a number other than 0 that the program can run as, or use an image whose USER is such a number.',
  ],
  [
    /hostPath type check failed: (\S+) is not an? (\w+)/,
    ([, path = '', type = '']) => `its node has no ${type} ${path} (hostPath)`,
    'Correct the path of the hostPath volume, create it on the nodes, or say DirectoryOrCreate as its type; keep the pods to nodes that have it with a node selector.',
  ],
  [
    /Multi-Attach error for volume "([^"]+)"/,
    ([, volume = '']) => `volume ${volume} is still attached to another node, and only one may have it`,
    'See which pod still has it, and on which node (`kubectl -n {namespace|<namespace>} get pods -o wide`): let that pod stop, or bring its node back; a Deployment with such a volume wants the strategy Recreate.',
  ],
  [
    /driver name (\S+) not found in the list of registered CSI drivers/,
    ([, driver = '']) => `its node does not run the volume driver ${driver}`,
    'See whether the pod of the volume driver runs on that node (`kubectl get csinodes`, `kubectl get pods -A -o wide`): a DaemonSet of the driver starts one on each; taints may keep it away.',
  ],
  [/mkdir (\S+): .* a directory/, ([, path = '']) => `its working directory ${path} is not a directory`],
  [
    /to rootfs at "([^"]+)".*not a directory/,
    ([, path = '']) => `a directory is mounted on ${path}, which is a file in the image (or the other way round)`,
    'Mount a directory on a directory, or a single file of the volume with subPath (its key in the ConfigMap or Secret) on the file.',
  ],
];

/** Commands that containers are often given. */
const commonCommands =
  'bash bundle busybox cat celery cp curl dotnet echo env exec gunicorn java ls mkdir nginx node npm npx php printf python python3 redis-server ruby sh sleep tail tini uvicorn wget yarn'.split(
    ' ',
  );

/** `; wget may be meant`, of a command that is one slip of the finger from a common one. */
function suggest(command: string): string {
  if (command.length < 3 || commonCommands.includes(command)) return '';
  const [meant, ...others] = commonCommands.filter((one) => distance(one, command) === 1);
  return meant === undefined || others.length > 0 ? '' : `; ${meant} may be meant`;
}

function namesNoKey(kind: string | undefined, key: string): string {
  return `a ${kind === 'secret' ? 'Secret' : 'ConfigMap'} of its volumes has no key ${key}`;
}

function findMeaning(message: string): StartFailure | undefined {
  for (const [pattern, words, next] of meanings) {
    const match = pattern.exec(message);
    if (match === null) continue;
    const lasting = !/Multi-Attach|CSI/.test(message);
    return next === undefined ? { words: words(match), lasting } : { words: words(match), next, lasting };
  }
  return undefined;
}

/** The runtime wraps what went wrong in what it was doing; the end tells. */
export function quoteKubelet(message: string): string {
  const text = message
    .trim()
    .replace(/: unknown$/, '')
    .replace(/\.$/, '');
  if (text === '') return 'the kubelet gives no reason';
  return `Kubernetes says: ${cutStart(text, 240)}`;
}
