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

/** What to do about an end that says enough by itself: a sentence with the places of next steps. */
export function terminationStep({
  container,
  latest: { exitCode, reason },
}: Omit<Crash, 'crashes'>): string | undefined {
  if (reason === 'OOMKilled') return container.memoryLimit === undefined ? unlimited : undefined;
  if (exitCode === 0)
    return 'It ends by itself, and without an error: see whether its command is meant to keep running (a server in the foreground, not a shell or a script that ends); what is meant to end belongs into a Job.';
  if (signals[exitCode - 128] === 'SIGKILL')
    return 'It was killed from outside: see whether its node ran out of memory (`kubectl describe node`, its kernel log), or whether it did not stop in time when it was asked to (`{kube|} events {target|<workload>}`).';
  return undefined;
}

const unlimited =
  'Its node ran out of memory, since nothing limits the container: give it a memory request and limit that fit with `{kube|} resources {target|<workload>}`, and see what else fills the node (`kubectl top pods -A --sort-by=memory`).';

/** `90 s`, `5 min`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
