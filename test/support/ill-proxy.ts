import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { z } from 'zod';

/** What becomes of a connection while it is ill: reset at once, never answered, or ended within the answer. */
const ills = ['reset', 'hang', 'cut'] as const;

export interface IllProxy {
  readonly url: string;
  /** From now on connections fail, one in each way in turn; those that are open end. */
  fallIll(): void;
  recover(): void;
  /** In which ways connections have failed so far. */
  readonly suffered: Set<(typeof ills)[number]>;
}

/** Stands in front of an HTTP server of this machine and passes everything on, until it falls ill. Stopped when the test ends. */
export async function startIllProxy(target: string): Promise<IllProxy> {
  const open = new Set<Socket>();
  const suffered: IllProxy['suffered'] = new Set();
  let isIll = false;
  let count = 0;

  function pass(from: Socket, isCut: boolean): void {
    const { hostname, port } = new URL(target);
    const to = connect(Number(port), hostname);
    keep(to);
    from.pipe(to);
    from.on('close', () => to.destroy());
    to.on('close', () => from.destroy());
    if (isCut) to.once('data', (chunk: Buffer) => from.end(chunk.subarray(0, chunk.length / 2)));
    else to.pipe(from);
  }

  function keep(socket: Socket): void {
    open.add(socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket)));
  }

  const server = createServer((socket) => {
    keep(socket);
    const ill = isIll ? ills[count++ % ills.length] : undefined;
    if (ill !== undefined) suffered.add(ill);
    if (ill === 'reset') socket.resetAndDestroy();
    else if (ill !== 'hang') pass(socket, ill === 'cut');
  });
  function turn(ill: boolean): void {
    isIll = ill;
    for (const socket of open) socket.destroy();
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    turn(false);
  });
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return { url: `http://127.0.0.1:${port}`, suffered, fallIll: () => turn(true), recover: () => turn(false) };
}
