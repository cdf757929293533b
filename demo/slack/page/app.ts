import type { Click } from './controls.ts';
import type { Json } from './json.ts';
import type { State } from './model.ts';
import type { Names } from './mrkdwn.ts';

/** What the page itself remembers; the server knows none of it but the user. */
export interface Ui {
  readonly channel: string;
  /** The person picked the channel; before that the page follows what happens. */
  readonly chosen: boolean;
  readonly place: 'channel' | 'home' | 'messages';
  /** Root ts of the open thread, or empty. */
  readonly thread: string;
  /** Root ts of the newest thread the person closed: it does not reopen by itself. */
  readonly dismissed: string;
  /** JSON in the drawer. */
  readonly inspected: Json | undefined;
  readonly requestsOpen: boolean;
  readonly bannerOpen: boolean;
  readonly live: boolean;
}

export interface Snapshot {
  readonly state: State;
  readonly ui: Ui;
}

/** Where a clicked element stands: in a message or in a view. */
export type Surface = { readonly channel: string; readonly ts: string } | { readonly view: string };

export interface Page {
  readonly snapshot: () => Snapshot;
  readonly set: (patch: Partial<Ui>) => void;
  /** Posts to the control API as the acting user; a refusal becomes a toast and resolves false. */
  readonly send: (path: string, body: Json) => Promise<boolean>;
  readonly click: (surface: Surface, click: Click) => void;
  readonly actAs: (user: string) => void;
  readonly toast: (message: string) => void;
  readonly names: () => Names;
  /** Newest ts seen in a channel, for unread marks. */
  readonly unread: (channel: string) => number;
}

/** One region of the page: `update` brings it up to date, touching only what changed. */
export interface Region {
  readonly update: (snapshot: Snapshot) => void;
}
