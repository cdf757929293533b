import { namespacesOf } from '../core/action.ts';
import type { Message } from '../core/ports/channel.ts';
import { message, section } from '../notifications/blocks/blocks.ts';
import { reportHome } from '../notifications/reports/home.ts';
import { mayApprove } from '../ops/approve.ts';
import type { Visitor } from './authorise.ts';
import { pause } from './commands/pause.ts';
import { resume } from './commands/resume.ts';
import { readStatus } from './commands/status.ts';
import type { DeskContext } from './context.ts';
import { checkAtGate, readReach } from './gate.ts';

const recentShown = 5;
/** Proposals and executions looked through. */
const looked = 50;
const doneShown = 5;

/** Somebody's home tab. */
export async function showHome(visitor: Visitor, context: DeskContext): Promise<Message> {
  const permission = await checkAtGate({ visitor, needed: 'viewer', wish: 'home' }, context);
  if (!permission.allowed) return notice(permission.why);
  const { incidents, ops } = context;
  const [facts, latest, proposals, executions, may] = await Promise.all([
    readStatus(context),
    incidents.recent(looked),
    ops.proposals.recent(looked),
    ops.executions.recent(looked),
    readReach(visitor, context),
  ]);
  const recent = latest
    .filter(({ state, attention }) => state === 'resolved' && !attention.quiet)
    .slice(0, recentShown);
  const approvals = proposals.filter(
    (one) => mayApprove(visitor.userId, one, ops) && may('approver', namespacesOf(one.plan)),
  );
  const deciders = await Promise.all(executions.map(async ({ id }) => (await ops.proposals.get(id))?.decision?.by));
  const isAutomatic = (index: number): boolean => deciders[index] === 'lifeguard';
  const named = [...facts.open, ...recent].map(({ id }) => id).concat(approvals.map(({ incidentId }) => incidentId));
  return reportHome({
    ...facts,
    recent,
    approvals,
    automatic: executions.filter((_, index) => isAutomatic(index)).slice(0, doneShown),
    approved: executions.filter((_, index) => !isAutomatic(index)).slice(0, doneShown),
    mayPause: may('admin'),
    links: await readLinks(named, context),
  });
}

async function readLinks(ids: readonly string[], { deliveries }: DeskContext): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(
    [...new Set(ids)].map(async (id) => [id, (await deliveries.read(id))?.link] as const),
  );
  return new Map(found.flatMap(([id, link]) => (link === undefined ? [] : [[id, link] as const])));
}

/** The kill switch on the home tab; answers with what came of it. */
export async function turnSwitch(
  { visitor, value }: { readonly visitor: Visitor; readonly value: string | undefined },
  context: DeskContext,
): Promise<Message> {
  const command = value === 'resume' ? resume : pause;
  const permission = await checkAtGate({ visitor, needed: command.role, wish: `home ${command.id}` }, context);
  if (!permission.allowed) return notice(permission.why);
  return command.run(
    {
      words: ['from', 'the', 'home', 'tab'],
      userId: visitor.userId,
      incident: undefined,
      opensForms: false,
      maySee: () => false,
      show: () => undefined,
    },
    context,
  );
}

/** A home tab has no text of its own, so a sentence becomes a block. */
export function notice(text: string): Message {
  return message(text, [section(text)]);
}
