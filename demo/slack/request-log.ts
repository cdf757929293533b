export interface LoggedCall {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly method: string;
  readonly ok: boolean;
  readonly error: string | undefined;
  readonly ms: number;
}

const kept = 500;

/** The app's latest Web API calls. */
export class RequestLog {
  #calls: readonly LoggedCall[] = [];
  readonly #now: () => number;
  readonly #onAdd: () => void;

  constructor(now: () => number, onAdd: () => void) {
    this.#now = now;
    this.#onAdd = onAdd;
  }

  get calls(): readonly LoggedCall[] {
    return this.#calls;
  }

  add(call: Omit<LoggedCall, 'time'>): void {
    this.#calls = [...this.#calls.slice(1 - kept), { time: this.#now(), ...call }];
    this.#onAdd();
  }
}
