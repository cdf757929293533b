import { existsSync, readFileSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { delimiter } from 'node:path';
import { type Cluster, KubeConfig } from '@kubernetes/client-node';
import { describeError, LifeguardError } from '../../core/errors.ts';
import { type Credentials, rereadAfterMs, type Secrets } from './secrets.ts';
import { findTokenFiles, readTokenFile, type TokenFiles } from './token-files.ts';

/**
 * Credentials from kubeconfig files. Plug-ins (`exec`, `oidc`) run through client-node, which keeps their tokens until they expire.
 * Throws `config-invalid` with one sentence where the files do not name a usable cluster.
 */
export async function loadKubeconfig(paths: string, now: () => number): Promise<Credentials> {
  let loaded = parseFiles(paths);
  const cluster = currentCluster(loaded.config, paths);
  let known: { readonly secrets: Secrets; readonly readAt: number } | undefined;
  return {
    server: cluster.server,
    serverName: cluster.tlsServerName,
    insecure: cluster.skipTLSVerify === true,
    proxy: cluster.proxyUrl,
    async read({ fresh }) {
      if (known !== undefined && !fresh && now() - known.readAt < rereadAfterMs) return known.secrets;
      if (fresh) loaded = parseFiles(paths);
      known = { secrets: await readSecrets(loaded, paths), readAt: now() };
      return known.secrets;
    },
  };
}

interface Loaded {
  readonly config: KubeConfig;
  readonly tokenFiles: TokenFiles;
}

/** As kubectl: of several files the first to name something wins, and files that do not exist are skipped. */
function parseFiles(paths: string): Loaded {
  const files = paths.split(delimiter).filter((file) => file !== '' && existsSync(file));
  if (files.length === 0) throw invalid(`KUBECONFIG names no file that exists (${paths}); set it to a kubeconfig file`);
  const merged = new KubeConfig();
  const tokenFiles = new Map<string, string>();
  for (const file of files) {
    const part = parseFile(file);
    for (const { name } of part.config.users) {
      const tokenFile = part.tokenFiles.get(name);
      if (tokenFile !== undefined && merged.getUser(name) === null) tokenFiles.set(name, tokenFile);
    }
    addTo(merged, part.config);
  }
  return { config: merged, tokenFiles };
}

function addTo(merged: KubeConfig, part: KubeConfig): void {
  merged.clusters.push(...part.clusters.filter((found) => merged.getCluster(found.name) === null));
  merged.users.push(...part.users.filter((found) => merged.getUser(found.name) === null));
  merged.contexts.push(...part.contexts.filter((found) => merged.getContextObject(found.name) === null));
  merged.currentContext ??= part.currentContext;
}

function parseFile(file: string): Loaded {
  try {
    const config = new KubeConfig();
    config.loadFromFile(file);
    return { config, tokenFiles: findTokenFiles(readFileSync(file, 'utf8'), file) };
  } catch (error) {
    throw invalid(`The kubeconfig ${file} cannot be read (${reasonOf(error)})`);
  }
}

function currentCluster(config: KubeConfig, paths: string): Cluster {
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    throw invalid(
      `The kubeconfig ${paths} has no usable current context; choose one with "kubectl config use-context"`,
    );
  }
  if (cluster.proxyUrl?.startsWith('socks') === true) throw invalid('A SOCKS proxy in the kubeconfig is not supported');
  return cluster;
}

async function readSecrets({ config, tokenFiles }: Loaded, paths: string): Promise<Secrets> {
  // client-node refuses plain http (kubectl proxy, test servers) unless it is told that there is no certificate to check.
  const plain = config.clusters.map((cluster) =>
    cluster.server.startsWith('http:') ? { ...cluster, skipTLSVerify: true } : cluster,
  );
  config.clusters = plain;
  const options: RequestOptions = {};
  try {
    await readTokenFile(config, tokenFiles);
    await config.applyToHTTPSOptions(options);
  } catch (cause) {
    throw new LifeguardError(`The credentials in the kubeconfig ${paths} cannot be read (${reasonOf(cause)}).`, {
      code: 'cluster-unauthorized',
      retry: 'transient',
      cause,
    });
  }
  return {
    ca: pem(options.ca),
    cert: pem(options.cert),
    key: pem(options.key),
    headers: { ...headersOf(options), ...basicAuthorization(options) },
  };
}

function headersOf(options: RequestOptions): Record<string, string> {
  const entries = Object.entries(options.headers ?? {});
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function basicAuthorization(options: RequestOptions): Record<string, string> {
  if (typeof options.auth !== 'string') return {};
  return { authorization: `Basic ${Buffer.from(options.auth).toString('base64')}` };
}

function pem(value: unknown): string | undefined {
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  return typeof value === 'string' ? value : undefined;
}

/** The first line only: what follows may quote the file. */
function reasonOf(error: unknown): string {
  return describeError(error).trim().split('\n')[0] ?? '';
}

function invalid(text: string): LifeguardError {
  return new LifeguardError(`${text}.`, { code: 'config-invalid', retry: 'permanent' });
}
