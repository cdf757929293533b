import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { LogOrigin } from '../../src/core/log-record.ts';

interface Flood {
  /** Where collectors send to. */
  readonly port: number;
  readonly origin: LogOrigin;
  readonly lines: number;
  /** The text of each line. */
  readonly say: (index: number) => string;
  /** When the first and the last were written, epoch milliseconds. */
  readonly from: number;
  readonly to: number;
}

/** Lines of one request. */
const batch = 5_000;

const pack = promisify(gzip);

/** Sends lines as a collector does, packed, one request after the other, and again after a 429. Answers how many were acknowledged, and how often it had to wait. */
export async function sendFlood(flood: Flood): Promise<{ readonly acknowledged: number; readonly waits: number }> {
  let [acknowledged, waits] = [0, 0];
  while (acknowledged < flood.lines) {
    const body = await bodyOf(flood, acknowledged);
    const { status, headers, text } = await send(flood.port, body);
    if (status === 200) acknowledged += Number(/^Kept (\d+) lines/.exec(text)?.[1] ?? 0);
    else if (status !== 429) throw new Error(`The lines were answered with ${status}: ${text}`);
    else {
      waits += 1;
      await pause(Number(headers.get('retry-after') ?? 1) * 1000);
    }
  }
  return { acknowledged, waits };
}

async function bodyOf({ origin, lines, say, from, to }: Flood, begin: number): Promise<Buffer> {
  const kubernetes = { namespace_name: origin.namespace, pod_name: origin.pod, container_name: origin.container };
  const records = Array.from({ length: Math.min(batch, lines - begin) }, (_, index) => {
    const at = from + ((to - from) * (begin + index)) / lines;
    return JSON.stringify({ time: new Date(at).toISOString(), log: say(begin + index), kubernetes });
  });
  return pack(records.join('\n'));
}

async function send(port: number, body: Buffer) {
  const headers = { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' };
  const answer = await fetch(`http://127.0.0.1:${port}/logs`, { method: 'POST', headers, body: new Uint8Array(body) });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}
