import { distance } from 'fastest-levenshtein';
import { cutStart } from '../../core/cut.ts';
import type { ResourceRef } from '../../core/resource-ref.ts';

/** Why a container cannot be started, in words, and the object that is missing where it is one. */
export interface StartFailure {
  /** Completes "Container app cannot be started: …"; no full stop. */
  readonly words: string;
  readonly about?: ResourceRef;
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
  return findMissing(message, namespace) ?? findMeaning(message) ?? { words: quote(message), lasting: false };
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

type Meaning = readonly [pattern: RegExp, words: (match: readonly string[]) => string];

const meanings: readonly Meaning[] = [
  [
    /exec: "([^"]+)":.*(?:no such file|not found)/,
    ([, path = '']) => `its command ${path} is not in the image${suggest(path)}`,
  ],
  [/exec: "([^"]+)":.*permission denied/, ([, path = '']) => `its command ${path} may not be executed`],
  [/exec format error/, () => 'its image is built for another processor architecture than that of the node'],
  [/no command specified/i, () => 'neither it nor its image names a command'],
  [/references non-existent (config|secret) key: (\S+)/, ([, kind, key = '']) => namesNoKey(kind, key)],
  [
    /runAsNonRoot|breaks non-root policy/,
    () => 'it must not run as root (runAsNonRoot), and its image or its runAsUser says root',
  ],
  [
    /hostPath type check failed: (\S+) is not an? (\w+)/,
    ([, path = '', type = '']) => `its node has no ${type} ${path} (hostPath)`,
  ],
  [
    /Multi-Attach error for volume "([^"]+)"/,
    ([, volume = '']) => `volume ${volume} is still attached to another node, and only one may have it`,
  ],
  [
    /driver name (\S+) not found in the list of registered CSI drivers/,
    ([, driver = '']) => `its node does not run the volume driver ${driver}`,
  ],
  [/mkdir (\S+): .* a directory/, ([, path = '']) => `its working directory ${path} is not a directory`],
  [
    /to rootfs at "([^"]+)".*not a directory/,
    ([, path = '']) => `a directory is mounted on ${path}, which is a file in the image (or the other way round)`,
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
  for (const [pattern, words] of meanings) {
    const match = pattern.exec(message);
    if (match !== null) return { words: words(match), lasting: !/Multi-Attach|CSI/.test(message) };
  }
  return undefined;
}

/** The runtime wraps what went wrong in what it was doing; the end tells. */
function quote(message: string): string {
  const text = message
    .trim()
    .replace(/: unknown$/, '')
    .replace(/\.$/, '');
  if (text === '') return 'the kubelet gives no reason';
  return `Kubernetes says: ${cutStart(text, 240)}`;
}
