import { type Json, record, text } from './json.ts';
import { parseState, type State } from './model.ts';

const DEBOUNCE_MS = 50;
const RETRY_MS = 1000;

export interface Listener {
  readonly onState: (state: State) => void;
  readonly onLive: (live: boolean) => void;
}

export interface Connection {
  /** Whose view of the workspace is read; empty lets the server choose. */
  readonly watchAs: (user: string) => void;
  readonly refresh: () => void;
}

/** The error in words, or an empty string. */
export async function post(path: string, body: Json): Promise<string> {
  try {
    const response = await fetch(`/_/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const answer = record(await response.json().catch(() => undefined));
    if (response.ok && answer['ok'] !== false) return '';
    return text(answer, 'error') || `The local Slack answered ${response.status}.`;
  } catch {
    return 'The local Slack cannot be reached.';
  }
}

/** Follows the server's change stream and reads the state anew after each change; connects again by itself. */
export function connect(listener: Listener): Connection {
  let user = '';
  let timer = 0;
  let reading = false;
  let again = false;
  const read = async (): Promise<void> => {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    const asked = user;
    try {
      const response = await fetch(`/_/state?user=${encodeURIComponent(asked)}`);
      if (!response.ok) throw new Error(`state answered ${response.status}`);
      const state = parseState(await response.json());
      if (asked === user) listener.onState(state);
    } catch {
      listener.onLive(false);
      refresh(RETRY_MS);
    }
    reading = false;
    if (again || asked !== user) refresh();
    again = false;
  };
  const refresh = (delay = DEBOUNCE_MS): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void read(), delay);
  };
  const open = (): void => {
    const stream = new EventSource('/_/stream');
    stream.addEventListener('open', () => {
      listener.onLive(true);
      refresh(0);
    });
    stream.addEventListener('message', () => refresh());
    stream.addEventListener('error', () => {
      listener.onLive(false);
      if (stream.readyState !== EventSource.CLOSED) return;
      stream.close();
      window.setTimeout(open, RETRY_MS);
    });
  };
  open();
  return {
    watchAs: (next) => {
      user = next;
      refresh(0);
    },
    refresh: () => refresh(0),
  };
}
