import type { ModalView } from '@slack/types';
import { describeError } from '../core/errors.ts';
import type { Vote } from '../core/explanation.ts';
import type { Incident } from '../core/incident.ts';
import type { FileRequest, Message } from '../core/ports/channel.ts';
import { clean } from '../notifications/blocks/mrkdwn.ts';
import type { Visitor } from './authorise.ts';
import { type Answer, type Ask, type Command, type Errand, type PlacedCommand, say, type Unclear } from './command.ts';
import { commands } from './commands.ts';
import type { DeskContext } from './context.ts';
import { answerProposal, type Choice, type Click, showProposal, stopProposal } from './decisions.ts';
import { chooseAction, type OpenView, openForm, type Taken, takeForm } from './forms.ts';
import { checkAtGate, type Entry, readReach } from './gate.ts';
import { notice, showHome, turnSwitch } from './home.ts';
import { answerMenu } from './menu.ts';
import { createRateLimit } from './rate-limit.ts';
import { describeFailure } from './sentences.ts';
import { quote } from './target.ts';
import { findByThread, type Place } from './threads.ts';
import { noticeView } from './views.ts';
import { answerVote } from './votes.ts';
import { nearest, splitWords } from './words.ts';

/** Words somebody typed, wherever: after the slash command, or after a mention. */
interface Request {
  readonly visitor: Visitor;
  readonly text: string;
  /** Where a mention was written; absent for the slash command, which knows no threads. */
  readonly place?: Place;
  /** Shows a message at once and edits it later; absent where nothing can be shown before the answer. */
  readonly show?: (message: Message) => void;
}

interface Reply {
  readonly message: Answer;
  /** True where only the person who asked should see it: a refusal. */
  readonly discreet: boolean;
}

/** Answers people. Everything it is asked is answered: with what was wanted, or with a sentence that says why not. */
export interface Desk {
  command(request: Request): Promise<Reply>;
  /** Brings the file of an answer. The answer has its newest lines already, so one that Slack does not take is no failure. */
  attach(request: FileRequest): Promise<void>;
  decide(choice: Choice, click: Click): Promise<Message>;
  /** Lets what is being carried out go no further. */
  stop(click: Click): Promise<Message>;
  menu(click: Click): Promise<Message>;
  /** What somebody thinks of a model's explanation. */
  vote(vote: Vote, click: Click): Promise<Message>;
  details(click: Click): Promise<ModalView>;
  /** The form that asks what shall be done about an incident. */
  form(incidentId: string, click: Click): Promise<ModalView>;
  /** The same form with the inputs of the action that was chosen in it. */
  chooseAction(view: OpenView, actionId: string | undefined): Promise<ModalView>;
  /** Takes a form that was sent, with Slack's values of its inputs. */
  takeForm(view: OpenView, values: unknown): Promise<Taken>;
  /** Engages or releases the kill switch from the home tab. */
  turnSwitch(click: Click): Promise<Message>;
  /** The blocks of somebody's home tab. */
  home(visitor: Visitor): Promise<Message>;
}

const commandsPerMinute = 20;

export function createDesk(context: DeskContext): Desk {
  const { ops } = context;
  const rateLimit = createRateLimit(commandsPerMinute, ops.clock);

  async function attempt<T>(what: string, work: () => Promise<T>): Promise<T | { readonly failure: string }> {
    try {
      return await work();
    } catch (error) {
      ops.log.error('a person could not be answered', { what, problem: describeError(error) });
      return { failure: describeFailure(error) };
    }
  }

  async function answer(what: string, work: () => Promise<Message>): Promise<Message> {
    const message = await attempt(what, work);
    return 'failure' in message ? say(message.failure) : message;
  }

  async function showView(what: string, work: () => Promise<ModalView>): Promise<ModalView> {
    const view = await attempt(what, work);
    return 'failure' in view ? noticeView(view.failure) : view;
  }

  async function run(request: Request): Promise<Reply> {
    const waitMs = rateLimit.take(request.visitor.userId);
    if (waitMs > 0) return refuse(`That was a lot at once. Please try again in ${Math.ceil(waitMs / 1000)} seconds.`);
    return runCommand(request, context);
  }

  return {
    async command(request) {
      const reply = await attempt('command', () => run(request));
      return 'failure' in reply ? tell(say(reply.failure)) : reply;
    },
    async attach({ file, ...place }) {
      await context.attach({ ...place, file: { ...file, text: clean(file.text) } }).catch((error: unknown) => {
        ops.log.warn('a file could not be attached', { problem: describeError(error) });
      });
    },
    decide: (choice, click) => answer(choice, () => answerProposal(choice, click, context)),
    stop: (click) => answer('stop', () => stopProposal(click, context)),
    menu: (click) => answer('menu', () => answerMenu(click, context)),
    vote: (vote, click) => answer('vote', () => answerVote(vote, click, context)),
    details: (click) => showView('details', () => showProposal(click, context)),
    form: (incidentId, click) => showView('form', () => openForm(incidentId, click, context)),
    chooseAction: (view, actionId) => showView('form', () => chooseAction(view, actionId, context)),
    async takeForm(view, values) {
      const taken = await attempt('form', () => takeForm(view, values, context));
      if ('failure' in taken) return { finish: async () => noticeView(taken.failure) };
      return 'errors' in taken ? taken : { finish: () => showView('form', taken.finish) };
    },
    turnSwitch: (click) => answer('switch', () => turnSwitch(click, context)),
    async home(visitor) {
      const shown = await attempt('home', () => showHome(visitor, context));
      return 'failure' in shown ? notice(shown.failure) : shown;
    },
  };
}

async function runCommand({ visitor, text, place, show }: Request, context: DeskContext): Promise<Reply> {
  const [word = 'help', ...words] = splitWords(text);
  const command = findCommand(word);
  const entry = entryOf(visitor, command);
  const admitted = await checkAtGate(entry, context);
  if (!admitted.allowed) return refuse(admitted.why);
  const incident = place === undefined ? undefined : await findByThread(place, context);
  if (command === undefined) return tell(say(describeUnknown(word, incident, context)));
  const reach = await readReach(visitor, context);
  const ask: Ask = {
    words,
    userId: visitor.userId,
    groups: admitted.actor.groups,
    incident,
    opensForms: place === undefined,
    maySee: (namespace) => reach('viewer', [namespace]),
    show: show ?? (() => undefined),
  };
  if ('run' in command) return tell(await command.run(ask, context));
  return runErrand(await command.prepare(ask, context), entry, context);
}

/** What it is about is known now, so the role is checked there. */
async function runErrand(errand: Errand | Unclear, entry: Entry, context: DeskContext): Promise<Reply> {
  if ('unclear' in errand) return tell(say(errand.unclear));
  const admitted = await checkAtGate({ ...entry, where: errand.where }, context);
  return admitted.allowed ? tell(await errand.run()) : refuse(admitted.why);
}

function tell(message: Answer): Reply {
  return { message, discreet: false };
}

function refuse(why: string): Reply {
  return { message: say(why), discreet: true };
}

/** What a command is about may have to be read first: then a role that is given anywhere will do for now. */
function entryOf(visitor: Visitor, command: Command | PlacedCommand | undefined): Entry {
  if (command === undefined) return { visitor, needed: 'viewer', wish: 'command unknown' };
  const entry = { visitor, needed: command.role, wish: `command ${command.id}` };
  return 'prepare' in command ? { ...entry, where: 'anywhere' } : entry;
}

function findCommand(word: string): Command | PlacedCommand | undefined {
  return commands.find((command) => command.id === word.toLowerCase());
}

/** Where it may have been meant as a question about the incident, how to ask that. */
function describeUnknown(word: string, incident: Incident | undefined, { commandName }: DeskContext): string {
  const meant = nearest(
    word,
    commands.map((command) => command.id),
  );
  const hint = meant === undefined ? `\`${commandName} help\` lists what there is.` : `Did you mean \`${meant}\`?`;
  const question = incident === undefined ? '' : ` For a question about ${incident.id}, put \`ask\` before it.`;
  return `Unknown command ${quote(word)}. ${hint}${question}`;
}
