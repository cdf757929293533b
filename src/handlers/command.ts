import type { ModalView } from '@slack/types';
import type { Incident } from '../core/incident.ts';
import type { Role } from '../core/policy.ts';
import type { Message } from '../core/ports/channel.ts';
import type { DeskContext } from './context.ts';

/** One request: the words after the command's name, who typed them, and the incident in whose thread they were typed. */
export interface Ask {
  readonly words: readonly string[];
  readonly userId: string;
  readonly incident: Incident | undefined;
  /** Whether a form can be opened where it was typed. */
  readonly opensForms: boolean;
}

/** What is said; where a form can be opened, that instead. */
export interface Answer extends Message {
  readonly form?: ModalView;
}

/** A sub-command: the same for the slash command and for mentions. */
export interface Command {
  readonly id: string;
  /** What follows the id: `<workload> [revision]`; empty when nothing does. */
  readonly usage: string;
  /** One sentence. */
  readonly help: string;
  readonly role: Role;
  readonly run: (ask: Ask, context: DeskContext) => Promise<Answer>;
}

/** A plain sentence as a message. Slack's own markup in it is live, so text of others goes in escaped. */
export function say(text: string): Message {
  return { text, blocks: [] };
}
