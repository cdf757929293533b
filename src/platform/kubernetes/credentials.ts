import { readFile, stat } from 'node:fs/promises';
import { LifeguardError } from '../../core/errors.ts';
import { loadKubeconfig } from './kubeconfig.ts';
import { type Credentials, rereadAfterMs } from './secrets.ts';

export interface CredentialSources {
  /** Paths of kubeconfig files as in `KUBECONFIG`; wins over the service account. */
  readonly kubeconfig?: string | undefined;
  /** Folder of the mounted service account; default as Kubernetes mounts it. */
  readonly inClusterDir?: string | undefined;
  /** `KUBERNETES_SERVICE_HOST` and `_PORT`; default is the cluster's DNS name. */
  readonly inClusterHost?: string | undefined;
  readonly inClusterPort?: string | undefined;
  /** Epoch milliseconds now; decides when files are looked at again. */
  readonly now: () => number;
}

const defaultInClusterDir = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Finds the cluster. Throws one `config-invalid` sentence where there is none. */
export async function loadCredentials(sources: CredentialSources): Promise<Credentials> {
  if (sources.kubeconfig !== undefined && sources.kubeconfig !== '') {
    return await loadKubeconfig(sources.kubeconfig, sources.now);
  }
  const directory = sources.inClusterDir ?? defaultInClusterDir;
  const token = await readIfThere(`${directory}/token`);
  if (token === undefined) {
    throw new LifeguardError(
      `No Kubernetes cluster is configured: KUBECONFIG is not set and there is no service account at ${directory}; set KUBECONFIG to a kubeconfig file or run Lifeguard inside the cluster.`,
      { code: 'config-invalid', retry: 'permanent' },
    );
  }
  return inClusterCredentials(sources, directory);
}

function inClusterCredentials(sources: CredentialSources, directory: string): Credentials {
  const host = sources.inClusterHost ?? 'kubernetes.default.svc';
  const shownHost = host.includes(':') ? `[${host}]` : host;
  const tokenFile = watchedFile(`${directory}/token`, sources.now);
  const caFile = watchedFile(`${directory}/ca.crt`, sources.now);
  return {
    server: `https://${shownHost}:${sources.inClusterPort ?? '443'}`,
    serverName: undefined,
    insecure: false,
    proxy: undefined,
    async read({ fresh }) {
      const [token, ca] = await Promise.all([tokenFile(fresh), caFile(fresh)]);
      return { ca, cert: undefined, key: undefined, headers: { authorization: `Bearer ${token.trim()}` } };
    },
  };
}

/** Reads a file again when its modification time has changed, looking at most once in `rereadAfterMs` unless asked afresh. */
function watchedFile(path: string, now: () => number): (fresh: boolean) => Promise<string> {
  let known: { readonly text: string; readonly changedAt: number; readonly lookedAt: number } | undefined;
  return async function read(fresh) {
    if (known !== undefined && !fresh && now() - known.lookedAt < rereadAfterMs) return known.text;
    try {
      const { mtimeMs } = await stat(path);
      const text =
        known !== undefined && !fresh && known.changedAt === mtimeMs ? known.text : await readFile(path, 'utf8');
      known = { text, changedAt: mtimeMs, lookedAt: now() };
      return text;
    } catch (cause) {
      throw new LifeguardError(
        `The service account file ${path} cannot be read; check that the pod mounts its service account token.`,
        { code: 'cluster-unauthorized', retry: 'transient', cause },
      );
    }
  };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}
