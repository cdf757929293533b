import { stripVTControlCharacters } from 'node:util';
import type { PodLogRequest, PodLogs } from '../../core/ports/pod-logs.ts';
import type { HttpClient } from './http-client.ts';
import { isNoLog, logPath } from './log-stream.ts';

export interface PodLogsOptions {
  readonly http: HttpClient;
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
}

/** Bounds what one log costs in memory. The kubelet cuts at the end, so a log that reaches it is asked for again with fewer lines. */
const limitBytes = 1024 * 1024;

export function createPodLogs({ http, redact }: PodLogsOptions): PodLogs {
  /** Undefined where it has been removed. */
  async function readLines(request: PodLogRequest, signal?: AbortSignal): Promise<string[] | undefined> {
    const raw = await readTail(http, request, signal);
    // The whole text at once: a private key spans lines.
    const lines = redact(stripVTControlCharacters(raw)).split(/\r?\n/);
    if (lines.at(-1) === '') lines.pop();
    return lines.length === 1 && isKubeletApology(lines[0]) ? undefined : lines;
  }

  return {
    async read(request, signal) {
      const lines = await readLines(request, signal);
      // The run before is removed once the present one has ended, which may have been since the pod was looked at.
      return lines ?? (request.previous ? await readLines({ ...request, previous: false }, signal) : undefined) ?? [];
    },
  };
}

async function readTail(http: HttpClient, request: PodLogRequest, signal: AbortSignal | undefined): Promise<string> {
  let tail = request.tail;
  for (;;) {
    const text = await readOnce(http, { ...request, tail }, signal);
    if (Buffer.byteLength(text) < limitBytes || tail <= 1) return text;
    tail = Math.max(1, Math.floor(tail / 4));
  }
}

async function readOnce(http: HttpClient, request: PodLogRequest, signal: AbortSignal | undefined): Promise<string> {
  try {
    return await http.text({
      path: logPath(request),
      query: {
        container: request.container,
        previous: request.previous ? 'true' : undefined,
        tailLines: String(request.tail),
        limitBytes: String(limitBytes),
      },
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (isNoLog(error)) return '';
    throw error;
  }
}

/** The kubelet answers 200 with this sentence as the log when the runtime has already removed it. */
function isKubeletApology(line: string | undefined): boolean {
  return line?.startsWith('unable to retrieve container logs for ') === true;
}
