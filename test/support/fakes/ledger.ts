import type { Attempt, Health, Ledger, RevisionHealth } from '../../../src/core/ports/ledger.ts';

export function createFakeLedger(): Ledger {
  const attempts = new Map<string, Attempt>();
  return {
    async record(attempt) {
      if (!attempts.has(attempt.executionId)) attempts.set(attempt.executionId, attempt);
    },
    withdraw: async (executionId) => void attempts.delete(executionId),
    attempts: async (since) =>
      [...attempts.values()].filter(({ at }) => at >= since).toSorted((left, right) => left.at - right.at),
  };
}

export function createFakeRevisionHealth(): RevisionHealth {
  const workloads = new Map<string, Map<number, Health>>();
  return {
    async mark({ workloadUid, revision, health }) {
      const revisions = workloads.get(workloadUid) ?? new Map<number, Health>();
      workloads.set(workloadUid, revisions.set(revision, health));
    },
    known: async (workloadUid) => new Map(workloads.get(workloadUid)),
  };
}
