import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What `kubectl apply` says to these manifests (YAML or JSON), warnings included; fails with its words where the API server refuses them. */
export async function kubectlApply(manifests: string, ...options: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeguard-apply-'));
  try {
    const file = join(folder, 'manifests.yaml');
    await writeFile(file, manifests);
    const { stdout, stderr } = await run('kubectl', ['apply', ...options, '-f', file], { maxBuffer: 2 ** 24 });
    return stdout + stderr;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
