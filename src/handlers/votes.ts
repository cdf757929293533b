import type { Vote } from '../core/explanation.ts';
import type { Message } from '../core/ports/channel.ts';
import { say } from './command.ts';
import type { DeskContext } from './context.ts';
import type { Click } from './decisions.ts';
import { checkAtGate } from './gate.ts';
import { namespacesOf } from './incident-decision.ts';
import { belongsTo } from './threads.ts';

const outdated = 'This explanation is gone, or belongs to another Lifeguard: nothing was noted.';

const thanks: Readonly<Record<Vote, string>> = {
  helpful: 'Thank you: noted as helpful.',
  wrong: 'Thank you: noted as wrong.',
};

/** Notes what somebody thinks of a model's explanation: once for each person, whose last word counts. */
export async function answerVote(vote: Vote, click: Click, context: DeskContext): Promise<Message> {
  const { visitor, value: incidentId = '', place } = click;
  const incident = await context.ops.incidents.get(incidentId);
  const where = incident === undefined ? 'anywhere' : namespacesOf(incident);
  const permission = await checkAtGate({ visitor, needed: 'viewer', where, wish: `vote ${vote}` }, context);
  if (!permission.allowed) return say(permission.why);
  const known = incident !== undefined && place !== undefined && (await belongsTo(incidentId, place, context));
  const voted = known ? await context.registry.vote(incidentId, { by: visitor.userId, vote }) : undefined;
  if (voted === undefined) return say(outdated);
  if (voted.former !== vote) context.onVote({ ...voted, vote });
  return say(thanks[vote]);
}
