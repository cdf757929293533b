import type { ModalView } from '@slack/types';
import { namespacesOf, type Plan } from '../core/action.ts';
import { describeError } from '../core/errors.ts';
import type { Actor } from '../core/identity.ts';
import type { Role } from '../core/policy.ts';
import type { Message } from '../core/ports/channel.ts';
import type { Proposal } from '../core/proposal.ts';
import { redact } from '../core/redact.ts';
import { escapeText, fence } from '../notifications/blocks/mrkdwn.ts';
import { type Live, renderDetails } from '../notifications/reports/details.ts';
import { approve, type Decided, reject } from '../ops/approve.ts';
import { type Held, lookAgain } from '../ops/second-look.ts';
import { stopExecutions } from '../ops/stop.ts';
import type { Visitor } from './authorise.ts';
import { say } from './command.ts';
import type { DeskContext } from './context.ts';
import { checkAtGate } from './gate.ts';
import { describeLive } from './live-state.ts';
import { belongsTo, type Place } from './threads.ts';
import { noticeView } from './views.ts';

/** A press on a button. Its value is only ever taken for an opaque id. */
export interface Click {
  readonly visitor: Visitor;
  readonly value: string | undefined;
  readonly place: Place | undefined;
}

export type Choice = 'approve' | 'reject';

/** Proposals' ids as `ops.submit` makes them. */
const proposalId = /^[a-z0-9]{16}$/;

/** Characters of diff in an answer; all of it is in the details. */
const diffShown = 1_500;

const outdated =
  'This button is from an older message or another Lifeguard: nothing was changed. Look at the newest message of the incident.';

const choices = {
  approve: { decide: approve, done: 'Approved' },
  reject: { decide: reject, done: 'Rejected' },
} as const;

/** Carries a person's yes or no to the proposal; always answers with what came of it. */
export async function answerProposal(choice: Choice, click: Click, context: DeskContext): Promise<Message> {
  const found = await readProposal(click, { needed: 'approver', wish: choice }, context);
  if ('why' in found) return say(found.why);
  const { decide, done } = choices[choice];
  const { proposal: shown, actor } = found;
  const decided: Decided | Held = await decide({ proposalId: shown.id, ...actor }, context.ops);
  if ('held' in decided) return say(`Not approved: ${escapeText(decided.held)}`);
  if ('refused' in decided) return say(decided.refused);
  const { proposal, now } = decided;
  const live = now === undefined ? '' : await describeNow(now, context);
  return say(`${done}: ${escapeText(proposal.plan.summary)}${describeNext(proposal)}${live}`);
}

/** What the yes was given to: how it does now, and what exactly is written. */
async function describeNow({ target, diff }: Plan, context: DeskContext): Promise<string> {
  // The yes counts already, whether or not this can be read.
  const live = await describeLive(target, context).catch(() => undefined);
  const state = live === undefined ? '' : `\nNow: ${live}`;
  return diff === '' ? state : `${state}\n${fence(redact(diff), diffShown)}`;
}

function describeNext({ state }: Proposal): string {
  if (state === 'rejected') return '';
  if (state === 'awaiting-approval') return ' One more person has to approve it before anything is done.';
  return ' It is checked once more and then done; the thread shows each step.';
}

/** Lets what is being carried out go no further. */
export async function stopProposal(click: Click, context: DeskContext): Promise<Message> {
  const found = await readProposal(click, { needed: 'operator', wish: 'stop' }, context);
  if ('why' in found) return say(found.why);
  const incident = await context.ops.incidents.get(found.proposal.incidentId);
  const by = { user: click.visitor.userId, surface: 'button' } as const;
  const stopped = incident === undefined ? [] : await stopExecutions(incident, by, context.ops);
  return say(describeStop(stopped));
}

/** What came of the wish to stop, for who wished it. */
export function describeStop(stopped: readonly string[]): string {
  if (stopped.length === 0) return 'Nothing can be stopped now: nothing is being changed.';
  return `Told to stop: ${stopped.map(escapeText).join(' ')} The thread says how far it came.`;
}

/** What exactly is proposed, for anybody who may look. */
export async function showProposal(click: Click, context: DeskContext): Promise<ModalView> {
  const found = await readProposal(click, { needed: 'viewer', wish: 'details' }, context);
  if ('why' in found) return noticeView(found.why);
  const { proposal } = found;
  const live = await readLive(proposal, context);
  // It may have been replaced just now.
  return renderDetails((await context.ops.proposals.get(proposal.id)) ?? proposal, live);
}

/** What was shown is still worth showing while the cluster does not answer. */
async function readLive(proposal: Proposal, context: DeskContext): Promise<Live> {
  try {
    const state = await describeLive(proposal.plan.target, context);
    return { now: await lookAgain(proposal, context.ops), state };
  } catch (error) {
    return { now: { refused: `What is there now cannot be read: ${describeError(error)}` } };
  }
}

interface Need {
  readonly needed: Role;
  readonly wish: string;
}

/** The proposal behind a button, for somebody who may see or decide it; otherwise the sentence that says why not. */
async function readProposal(
  { visitor, value, place }: Click,
  { needed, wish }: Need,
  context: DeskContext,
): Promise<{ readonly proposal: Proposal; readonly actor: Actor } | { readonly why: string }> {
  const id = value !== undefined && proposalId.test(value) ? value : undefined;
  const proposal = id === undefined ? undefined : await context.ops.proposals.get(id);
  const where = proposal === undefined ? 'anywhere' : namespacesOf(proposal.plan);
  const permission = await checkAtGate({ visitor, needed, where, wish }, context);
  if (!permission.allowed) return { why: permission.why };
  if (id === undefined) return { why: outdated };
  if (proposal === undefined) {
    return {
      why: 'This proposal is not known (any more): nothing was changed. Look at the newest message of the incident.',
    };
  }
  const own = place !== undefined && (await belongsTo(proposal.incidentId, place, context));
  return own
    ? { proposal, actor: permission.actor }
    : { why: 'This button does not belong to this message: nothing was changed.' };
}
