import type { ModalView } from '@slack/types';
import type { Incident } from '../core/incident.ts';
import type { Role } from '../core/policy.ts';
import type { Message, TextFile } from '../core/ports/channel.ts';
import type { Where } from './authorise.ts';
import type { DeskContext } from './context.ts';

/** One request: the words after the command's name, who typed them, and the incident in whose thread they were typed. */
export interface Ask {
  readonly words: readonly string[];
  readonly userId: string;
  /** The user groups of theirs that the configuration names; absent where Slack could not say it. */
  readonly groups?: readonly string[] | undefined;
  readonly incident: Incident | undefined;
  /** Whether a form can be opened where it was typed. */
  readonly opensForms: boolean;
  /** Whether they may look at what is in a namespace. */
  readonly maySee: (namespace: string) => boolean;
  /** Shows what is being done while they wait; what comes last stands, until the answer takes its place. */
  readonly show: (message: Message) => void;
}

/** What is said; where a form can be opened, that instead; with a file where Slack takes one. */
export interface Answer extends Message {
  readonly form?: ModalView;
  readonly file?: TextFile;
}

interface Traits {
  readonly id: string;
  /** What follows the id: `<workload> [revision]`; empty when nothing does. */
  readonly usage: string;
  /** One sentence. */
  readonly help: string;
  readonly role: Role;
}

/** A sub-command: the same for the slash command and for mentions. */
export interface Command extends Traits {
  readonly run: (ask: Ask, context: DeskContext) => Promise<Answer>;
}

/** One whose role may be given for some namespaces only: it first reads what it is about, and does nothing until the role was checked there. */
export interface PlacedCommand extends Traits {
  readonly prepare: (ask: Ask, context: DeskContext) => Promise<Errand | Unclear>;
}

/** Sub-commands that belong together, under a heading of the help. */
export interface CommandGroup {
  readonly title: string;
  readonly commands: readonly (Command | PlacedCommand)[];
}

export interface Errand {
  readonly where: Where;
  readonly run: () => Promise<Answer>;
}

/** The sentence that asks back. */
export interface Unclear {
  readonly unclear: string;
}

/** A plain sentence as a message. Slack's own markup in it is live, so text of others goes in escaped. */
export function say(text: string): Message {
  return { text, blocks: [] };
}
