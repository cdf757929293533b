import type { Behavior } from './behavior.ts';

/** One run of a container, for its log. */
export interface Run {
  readonly startedAt: number;
  /** Undefined while it runs. */
  readonly endedAt: number | undefined;
  /** Ended by itself, so it could write its last lines. */
  readonly crashed: boolean;
}

export interface LogLine {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly text: string;
}

const mostLines = 5_000;

/** The lines that the run has written until `now`, each with its time. */
export function logOf(run: Run, behavior: Behavior, now: number): readonly LogLine[] {
  const { version, logEveryMs, crashLines, crashText } = behavior;
  const until = run.endedAt ?? now;
  const lines = [{ at: run.startedAt, text: written(run.startedAt, 'INFO', `app ${version} starting`) }];
  const step = logEveryMs ?? Number.POSITIVE_INFINITY;
  for (let at = run.startedAt + step; at < until && lines.length < mostLines; at += step) {
    const job = Math.round(at / step) % 100_000;
    lines.push({ at, text: written(at, 'INFO', `worker ${job % 8} finished job ${job} in ${(job % 90) + 10} ms`) });
  }
  if (!run.crashed) return lines;
  lines.push(...crashLines.map((text) => ({ at: until, text })));
  if (crashText !== undefined) lines.push({ at: until, text: written(until, 'FATAL', crashText) });
  return lines;
}

function written(at: number, level: string, text: string): string {
  return `${new Date(at).toISOString()} ${level} ${text}`;
}
