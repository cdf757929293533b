import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The name of the assembled image: Lifeguard as its Dockerfile makes it, and Redis. */
export const assembledImage = { repository: 'test.local/lifeguard', tag: 'assembled' } as const;

/**
 * Assembles the image from this machine, without a registry: Node and Redis with their libraries, the production dependencies and the source. Hands the
 * archive (OCI layout) to `importer`, a command that takes its path.
 */
export async function importAssembledImage(importer: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'lifeguard-image-'));
  try {
    const archive = await packImage(work, await fillRoot(join(work, 'root')));
    const [command = '', ...args] = importer.split(' ');
    await run(command, [...args, archive]);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function fillRoot(root: string): Promise<string> {
  for (const folder of ['tmp', 'etc', 'data', 'usr/bin', 'app']) await mkdir(join(root, folder), { recursive: true });
  await writeFile(
    join(root, 'etc/passwd'),
    'root:x:0:0::/:\nlifeguard:x:10001:10001::/tmp:\nredis:x:999:999::/data:\n',
  );
  const redis = (await run('which', ['redis-server'])).stdout.trim();
  await copyProgram(process.execPath, 'node', root);
  await copyProgram(redis, 'redis-server', root);
  for (const part of ['package.json', 'src']) await cp(part, join(root, 'app', part), { recursive: true });
  for (const folder of await productionDependencies()) {
    await cp(folder, join(root, 'app', relative('.', folder)), { recursive: true, dereference: true });
  }
  return root;
}

async function copyProgram(path: string, name: string, root: string): Promise<void> {
  await copyFile(path, join(root, 'usr/bin', name));
  const { stdout } = await run('ldd', [path]);
  for (const [library] of stdout.matchAll(/\/[^\s()]+/g)) {
    await mkdir(join(root, dirname(library)), { recursive: true });
    await cp(library, join(root, library), { dereference: true });
  }
}

/** Folders of the packages that `npm ci --omit=dev` would install. */
async function productionDependencies(): Promise<readonly string[]> {
  const { stdout } = await run('npm', ['ls', '--omit=dev', '--all', '--parseable'], { maxBuffer: 2 ** 24 });
  const folders = stdout.split('\n').filter((line) => line.includes('node_modules'));
  // What is inside another's folder comes with it.
  return folders.filter((folder) => folder.split('node_modules').length === 2);
}

/** One layer, its configuration and its manifest, as the OCI image layout wants them. */
async function packImage(work: string, root: string): Promise<string> {
  const layout = join(work, 'oci');
  await mkdir(join(layout, 'blobs/sha256'), { recursive: true });
  const tar = join(work, 'layer.tar');
  await run('tar', ['-C', root, '--owner=0', '--group=0', '--numeric-owner', '-cf', tar, '.']);
  const layer = await putFile(layout, tar);
  const config = await putJson(layout, {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: {
      Env: ['PATH=/usr/bin', 'NODE_ENV=production'],
      WorkingDir: '/app',
      User: '10001:10001',
      Entrypoint: ['node', 'src/main.ts'],
    },
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
  });
  const manifest = await putJson(layout, {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', ...layer }],
  });
  const name = `${assembledImage.repository}:${assembledImage.tag}`;
  const annotations = { 'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': assembledImage.tag };
  const entry = { mediaType: 'application/vnd.oci.image.manifest.v1+json', ...manifest, annotations };
  await writeFile(join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [entry] }));
  await writeFile(join(layout, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  const archive = join(work, 'image.tar');
  await run('tar', ['-C', layout, '-cf', archive, '.']);
  return archive;
}

interface Blob {
  readonly digest: string;
  readonly size: number;
}

async function putJson(layout: string, value: object): Promise<Blob> {
  const path = join(layout, 'part.json');
  await writeFile(path, JSON.stringify(value));
  return putFile(layout, path);
}

async function putFile(layout: string, path: string): Promise<Blob> {
  const content = await readFile(path);
  const hash = createHash('sha256').update(content).digest('hex');
  await rename(path, join(layout, 'blobs/sha256', hash));
  return { digest: `sha256:${hash}`, size: content.length };
}
