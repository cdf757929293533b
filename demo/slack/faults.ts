/** What goes wrong with one API call. */
export type CallFault =
  | { readonly kind: 'fail'; readonly status: number }
  /** The call takes effect, its answer is lost. */
  | { readonly kind: 'lose-reply'; readonly status: number }
  | { readonly kind: 'rate-limit'; readonly retryAfterSeconds: number | undefined };

/** How an outage looks to HTTP clients. */
export type OutageMode = 'unavailable' | 'reset';

/** Faults of the HTTP side, each armed by a test or the demo. `*` stands for any method. */
export class CallFaults {
  readonly #armed: { readonly method: string; readonly fault: CallFault }[] = [];
  readonly #slow = new Map<string, number>();
  outage: OutageMode | undefined;

  /** The next call of `method` answers with `status` and changes nothing. */
  failNext(method: string, status = 500): void {
    this.#armed.push({ method, fault: { kind: 'fail', status } });
  }

  /** The next call of `method` is carried out, but the caller gets `status` (0: the connection is cut). */
  loseReplyOfNext(method: string, status = 500): void {
    this.#armed.push({ method, fault: { kind: 'lose-reply', status } });
  }

  /** The next call of `method` answers 429; `undefined` leaves Retry-After out. */
  rateLimitNext(method: string, retryAfterSeconds: number | undefined): void {
    this.#armed.push({ method, fault: { kind: 'rate-limit', retryAfterSeconds } });
  }

  /** Every call of `method` takes this many real milliseconds longer; 0 ends it. */
  slow(method: string, ms: number): void {
    this.#slow.set(method, ms);
  }

  clear(): void {
    this.#armed.length = 0;
    this.#slow.clear();
    this.outage = undefined;
  }

  take(method: string): CallFault | undefined {
    const index = this.#armed.findIndex((one) => one.method === method || one.method === '*');
    return index === -1 ? undefined : this.#armed.splice(index, 1)[0]?.fault;
  }

  delayOf(method: string): number {
    return this.#slow.get(method) ?? this.#slow.get('*') ?? 0;
  }
}
