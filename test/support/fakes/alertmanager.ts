import { createHash } from 'node:crypto';
import { LifeguardError } from '../../../src/core/errors.ts';
import type { Alertmanager, SilenceRequest } from '../../../src/core/ports/alertmanager.ts';
import type { Silence } from '../../../src/core/silence.ts';

/** An alert as Prometheus posts it. */
interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt?: string | undefined;
}

type Kept = SilenceRequest & { readonly id: string };

export interface FakeAlertmanager extends Alertmanager {
  post(alerts: readonly PostedAlert[]): void;
  /** What fires, as it was posted, by fingerprint. */
  alerts(): ReadonlyMap<string, PostedAlert>;
  /** Silences as they were asked for, the oldest first; a lifted one ends when it was lifted. */
  asked(): readonly Kept[];
  /** Writes that were taken, as `silence <comment>` and `lift <id>`, the oldest first. Ids count from 1: `silence-1`. */
  readonly writes: readonly string[];
  /** Every call fails from now on, until it comes back. */
  lose(): void;
  find(): void;
  /** The next silence is refused in these words. */
  refuseNext(words: string): void;
}

/** Alertmanager in memory. */
export function createFakeAlertmanager({ now }: { readonly now: () => number }): FakeAlertmanager {
  const alerts = new Map<string, PostedAlert>();
  const silences = new Map<string, Kept>();
  const writes: string[] = [];
  let away = false;
  let refusal: string | undefined;

  function reach(): void {
    if (away)
      throw new LifeguardError('Alertmanager did not answer (down). Check alertmanager.url.', {
        code: 'alertmanager-unreachable',
        retry: 'transient',
      });
  }
  function stateOf({ startsAt, endsAt }: Kept, at: number): Silence['state'] {
    if (at >= endsAt) return 'expired';
    return at < startsAt ? 'pending' : 'active';
  }
  function holdFor({ labels }: PostedAlert): readonly string[] {
    const at = now();
    return [...silences.values()]
      .filter((one) => stateOf(one, at) === 'active' && fits(labels, one))
      .map(({ id }) => id);
  }

  return {
    writes,
    async firing() {
      reach();
      return new Map([...alerts].map(([print, alert]) => [print, holdFor(alert)]));
    },
    async silences() {
      reach();
      const at = now();
      return [...silences.values()].map((one) => ({ id: one.id, comment: one.comment, state: stateOf(one, at) }));
    },
    async silence(request) {
      reach();
      if (request.endsAt < request.startsAt || refusal !== undefined) {
        const words = refusal ?? 'start time must be before end time';
        refusal = undefined;
        throw new LifeguardError(`Alertmanager refused (HTTP 400): ${words}.`, {
          code: 'alertmanager-rejected',
          retry: 'permanent',
        });
      }
      const id = `silence-${silences.size + 1}`;
      silences.set(id, { ...request, id });
      writes.push(`silence ${request.comment}`);
      return id;
    },
    async lift(id) {
      reach();
      const known = silences.get(id);
      if (known === undefined || stateOf(known, now()) === 'expired') return;
      silences.set(id, { ...known, endsAt: now() });
      writes.push(`lift ${id}`);
    },
    post(posted) {
      for (const alert of posted) {
        const print = fingerprintOf(alert.labels);
        if (alert.endsAt === undefined || Date.parse(alert.endsAt) > now()) alerts.set(print, alert);
        else alerts.delete(print);
      }
    },
    alerts: () => alerts,
    asked: () => [...silences.values()],
    lose() {
      away = true;
    },
    find() {
      away = false;
    },
    refuseNext(words) {
      refusal = words;
    },
  };
}

function fingerprintOf(labels: PostedAlert['labels']): string {
  return createHash('sha256').update(JSON.stringify(labels)).digest('hex').slice(0, 16);
}

function fits(labels: PostedAlert['labels'], { matchers }: SilenceRequest): boolean {
  return matchers.every(({ name, value, isRegex }) =>
    isRegex ? new RegExp(`^(?:${value})$`).test(labels[name] ?? '') : (labels[name] ?? '') === value,
  );
}
