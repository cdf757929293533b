import type { ContainerView, PodView, Termination } from '../../core/views/pod.ts';
import { formatBytes } from './bytes.ts';

interface Crash {
  readonly pod: PodView;
  readonly container: ContainerView;
  readonly crashes: number;
  readonly latest: Termination;
}

/** Signals by number, for exit codes above 128 (POSIX shells and container runtimes report 128 + signal). */
const signals: Readonly<Record<number, string>> = { 6: 'SIGABRT', 9: 'SIGKILL', 11: 'SIGSEGV', 15: 'SIGTERM' };

/** What shells say by their exit codes (POSIX, Shell Command Language, 2.8.2). */
const shellCodes: Readonly<Record<number, string>> = {
  126: 'a command may not be executed',
  127: 'a command was not found',
};

/** The cause line's first sentence: which container, how it ended, how fast, how often. */
export function describeTermination({ container, crashes, latest }: Crash): string {
  const who = `${nameRole(container.role)} ${container.name}`;
  const often = `crashed ${crashes} times; the latest run lasted ${formatDuration(latest.finishedAt - latest.startedAt)}`;
  if (latest.reason === 'OOMKilled') {
    const limit =
      container.memoryLimit === undefined
        ? 'the memory of its node'
        : `its memory limit of ${formatBytes(container.memoryLimit)}`;
    return `${who} was killed because it used more than ${limit} (OOMKilled, exit code ${latest.exitCode}); it ${often}.`;
  }
  return `${who} exits with code ${latest.exitCode} (${describeExit(latest)}); it ${often}.`;
}

function nameRole(role: ContainerView['role']): string {
  if (role === 'init') return 'Init container';
  return role === 'sidecar' ? 'Sidecar container' : 'Container';
}

function describeExit(latest: Termination): string {
  const signal = signals[latest.exitCode - 128];
  if (signal !== undefined) return signal;
  const meaning = shellCodes[latest.exitCode];
  if (meaning !== undefined) return meaning;
  return latest.reason === '' ? 'no reason given' : latest.reason;
}

/** What to do about an end that is known by its code alone: a sentence with the places of next steps. */
export function terminationStep({ exitCode, reason }: Termination): string | undefined {
  if (exitCode !== 0 || reason === 'OOMKilled') return undefined;
  return 'It ends by itself, and without an error: see whether its command is meant to keep running (a server in the foreground, not a shell or a script that ends); what is meant to end belongs into a Job.';
}

/** `90 s`, `5 min`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
