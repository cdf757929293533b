import { describeError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Leadership } from '../../core/ports/leadership.ts';
import { pause } from '../pause.ts';
import { reportChanges } from '../troubles.ts';
import type { HttpClient } from './http-client.ts';
import { createLease, type Holding, type Lease } from './lease.ts';

export interface LeadershipOptions {
  readonly http: HttpClient;
  readonly clock: Clock;
  /** Numbers from 0 to 1, for jitter. */
  readonly random: () => number;
  readonly namespace: string;
  /** Name of the Lease; candidates for the same work share it. */
  readonly name: string;
  /** Who we are; unique to this process, such as pod name and a random part. */
  readonly identity: string;
  /** The lease cannot be read or written, or `lead` failed, in one sentence; `undefined` once it works again. */
  readonly onTrouble?: (problem: string | undefined) => void;
}

/** Defaults of client-go's leader election, in milliseconds. Leading ends well before others may take over. */
const leaseMs = 15_000;
const renewDeadlineMs = 10_000;
const retryMs = 2_000;
const jitter = 1.2;

/** Leader election on a Lease. A leader that stops gives the lease up, after `lead` has returned. */
export function createLeadership(options: LeadershipOptions): Leadership {
  const candidate: Candidate = {
    ...options,
    lease: createLease({ ...options, leaseMs }),
    report: reportChanges(options.onTrouble ?? (() => {})),
  };
  return {
    async run(lead, signal) {
      let holding: Holding | undefined = 'theirs';
      while (!signal.aborted) {
        const takenAt = options.clock.now();
        holding = await tryLease(candidate, signal);
        if (holding === 'ours') await leadWhileHeld(candidate, { lead, signal, takenAt });
        await pause(options.clock, retryMs * (1 + jitter * options.random()), signal);
      }
      // A request that was cut off may have taken the lease.
      if (holding === undefined) await release(candidate);
    },
  };
}

type Candidate = LeadershipOptions & {
  readonly lease: Lease;
  readonly report: (problem: string | undefined) => void;
};

interface Term {
  readonly lead: (signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
  /** When the request that won the lease was sent: everybody else counts from a later moment. */
  readonly takenAt: number;
}

/** Returns once `lead` has returned, whether it did so by itself or because the leadership was lost or the process stops. */
async function leadWhileHeld(candidate: Candidate, { lead, signal, takenAt }: Term): Promise<void> {
  const term = new AbortController();
  function end(): void {
    term.abort();
  }
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  const renewing = renewUntilLost(candidate, term, takenAt);
  try {
    await lead(term.signal);
  } catch (error) {
    candidate.report(`The leader's work failed (${describeError(error)}); a leader is chosen again.`);
  } finally {
    end();
    signal.removeEventListener('abort', end);
    await renewing;
    await release(candidate);
  }
}

/** Renews until the term ends; ends the term where no renewal has succeeded for the renew deadline, however long requests hang. */
async function renewUntilLost(candidate: Candidate, term: AbortController, takenAt: number): Promise<void> {
  const { clock } = candidate;
  function end(): void {
    term.abort();
  }
  let cancel = clock.schedule(takenAt + renewDeadlineMs, end);
  await pause(clock, retryMs, term.signal);
  while (!term.signal.aborted) {
    const sentAt = clock.now();
    const holding = await tryLease(candidate, term.signal);
    if (holding === 'theirs') end();
    if (holding === 'ours') {
      cancel();
      cancel = clock.schedule(sentAt + renewDeadlineMs, end);
    }
    await pause(clock, retryMs, term.signal);
  }
  cancel();
}

/** A failure says nothing about who holds the lease. */
async function tryLease({ lease, report, name }: Candidate, signal: AbortSignal): Promise<Holding | undefined> {
  try {
    const holding = await lease.takeOrRenew(signal);
    report(undefined);
    return holding;
  } catch (error) {
    if (!signal.aborted) report(`The Lease ${name} cannot be kept: ${describeError(error)}`);
    return undefined;
  }
}

async function release({ lease, report, name }: Candidate): Promise<void> {
  try {
    await lease.release();
  } catch (error) {
    report(`The Lease ${name} cannot be given up: ${describeError(error)}`);
  }
}
