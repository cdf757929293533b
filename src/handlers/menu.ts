import type { Role } from '../core/policy.ts';
import type { Message } from '../core/ports/channel.ts';
import type { Decision } from '../incidents/attention.ts';
import { escapeText } from '../notifications/blocks/mrkdwn.ts';
import { formVerb, type MenuVerb, menuVerbs } from '../notifications/reports/menu.ts';
import { say } from './command.ts';
import type { DeskContext } from './context.ts';
import type { Click } from './decisions.ts';
import { checkAtGate } from './gate.ts';
import { decideIncident, namespacesOf } from './incident-decision.ts';
import { belongsTo } from './threads.ts';

const hourMs = 3_600_000;

const outdated = 'This menu is from an older message or another Lifeguard: nothing was changed.';

/** Carries out what somebody chose in the menu of an incident; always answers with what came of it. */
export async function answerMenu(click: Click, context: DeskContext): Promise<Message> {
  const [verb, incidentId] = readChoice(click.value);
  const incident = await context.ops.incidents.get(incidentId);
  const where = incident === undefined ? 'anywhere' : namespacesOf(incident);
  const permission = await checkAtGate(
    { visitor: click.visitor, needed: roleFor(verb), where, wish: `menu ${verb ?? 'unknown'}` },
    context,
  );
  if (!permission.allowed) return say(permission.why);
  const own = incident !== undefined && click.place !== undefined;
  const known = verb !== undefined && own && (await belongsTo(incidentId, click.place, context));
  return say(known ? await carryOut(verb, { incidentId, by: click.visitor.userId }, context) : outdated);
}

/** The value is only ever taken for a known verb and an incident's id. */
function readChoice(value = ''): readonly [MenuVerb | undefined, string] {
  const [word, incidentId = ''] = value.split(':');
  return [menuVerbs.find((verb) => verb === word), incidentId];
}

/** The incident that somebody wants to do something about, which takes a form. */
export function incidentToActOn(value = ''): string | undefined {
  const [word, incidentId] = value.split(':');
  return word === formVerb ? incidentId : undefined;
}

function roleFor(verb: MenuVerb | undefined): Role {
  return verb === 'useful' || verb === 'false-alarm' ? 'viewer' : 'operator';
}

interface Wish {
  readonly incidentId: string;
  readonly by: string;
}

async function carryOut(verb: MenuVerb, { incidentId, by }: Wish, context: DeskContext): Promise<string> {
  if (verb !== 'useful' && verb !== 'false-alarm') {
    const decision = decisionOf(verb, by, context.ops.clock.now());
    return decideIncident({ id: incidentId }, { decision, by }, context);
  }
  const rated = await context.registry.rate(incidentId, { by, verdict: verb });
  if (rated === undefined) return `There is no incident ${escapeText(incidentId)}.`;
  const { former, incident } = rated;
  const detector = incident.finding?.detector ?? '';
  if (former !== verb) context.onFeedback({ detector, kind: incident.kind, verdict: verb, former });
  return verb === 'useful' ? 'Thank you: noted as useful.' : 'Thank you: noted as a false alarm.';
}

function decisionOf(verb: Exclude<MenuVerb, 'useful' | 'false-alarm'>, by: string, now: number): Decision {
  if (verb === 'assign') return { do: 'assign', to: by };
  return verb === 'snooze' ? { do: 'snooze', until: now + hourMs } : { do: verb };
}
