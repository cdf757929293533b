import type { Clock } from '../core/ports/clock.ts';

const windowMs = 60_000;

/** Counts requests by person within the last minute. */
export interface RateLimit {
  /** Takes one; answers 0, or how many milliseconds to wait when the person has used the minute up. */
  take(userId: string): number;
}

export function createRateLimit(perMinute: number, clock: Clock): RateLimit {
  const taken = new Map<string, readonly number[]>();

  function forgetOld(now: number): void {
    for (const [user, times] of taken) if ((times.at(-1) ?? 0) <= now - windowMs) taken.delete(user);
  }

  return {
    take(userId) {
      const now = clock.now();
      forgetOld(now);
      const recent = (taken.get(userId) ?? []).filter((at) => at > now - windowMs);
      const first = recent[0];
      if (first !== undefined && recent.length >= perMinute) return first + windowMs - now;
      taken.set(userId, [...recent, now]);
      return 0;
    },
  };
}
