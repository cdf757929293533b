import type { Refusal } from '../../core/action.ts';
import { incidentIdOf, incidentRef } from '../../core/incident.ts';
import type { Message } from '../../core/ports/channel.ts';
import { type ResourceRef, refName } from '../../core/resource-ref.ts';
import type { Verdict } from '../../core/verdict.ts';
import { maintenanceOf } from '../../incidents/routing.ts';
import { type Prospect, reportPolicy, reportProspects } from '../../notifications/reports/guardrails.ts';
import { type Action, isAbout } from '../../ops/action.ts';
import { actions } from '../../ops/actions/index.ts';
import { guardrails as rails } from '../../ops/guardrails/index.ts';
import type { Judgement } from '../../ops/judge.ts';
import { foresee } from '../../ops/preview.ts';
import { type Command, say } from '../command.ts';
import type { DeskContext } from '../context.ts';
import { findOpenIncident, hasAlerts, usageOf } from '../parameters.ts';
import { findAnything } from '../target.ts';

export const guardrails: Command = {
  id: 'guardrails',
  usage: '[workload|node|…]',
  help: 'What keeps Lifeguard from doing harm; with an object, what may be done to it now, by whom, and why not.',
  role: 'viewer',
  async run({ words: [word], incident }, context) {
    if (word === undefined)
      return incident === undefined
        ? await describePolicy(context)
        : await describeProspects(incident.subject, context);
    const target = await findAnything(word, context);
    return 'unclear' in target ? say(target.unclear) : await describeProspects(target.ref, context);
  },
};

/** What cannot be read is left undefined, and shown as such. */
async function describePolicy({ ops, freezes }: DeskContext): Promise<Message> {
  const { policy, controls, ledger, clock } = ops;
  const now = clock.now();
  const [killSwitch, attempts] = await Promise.all([
    controls.killSwitch().catch(() => undefined),
    ledger.attempts(now - policy.budget.windowMs).catch(() => undefined),
  ]);
  return reportPolicy({
    policy,
    killSwitch,
    promises: rails,
    freezes: freezes.map((freeze) => ({ ...freeze, until: endOf(freeze, now) })),
    spent: attempts === undefined ? undefined : countBy(attempts.flatMap(({ namespaces }) => namespaces)),
  });
}

/** Until when it holds, wherever it does. */
function endOf(freeze: DeskContext['freezes'][number], now: number): number | undefined {
  return maintenanceOf('', { planned: [{ ...freeze, namespaces: ['*'] }], announced: [] }, now)?.until;
}

function countBy(names: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]));
}

/** What would happen if Lifeguard, or a person, wanted each action that is about this object or the alerts of its incident. Nothing is written. */
async function describeProspects(ref: ResourceRef, { ops, registry, commandName }: DeskContext): Promise<Message> {
  const incident = findOpenIncident(await registry.open(), ref);
  const targets = [ref, ...(incident === undefined || !hasAlerts(incident) ? [] : [incidentRef(incident)])];
  const fitting = actions.flatMap((action) =>
    targets.filter((target) => isAbout(action, target)).map((target) => ({ action, target })),
  );
  const prospects: Prospect[] = [];
  for (const { action, target } of fitting) {
    const seen = await foresee({ action, target, incidentId: incident?.id }, ops);
    const words = `${commandName} ${action.command.name} ${usageOf(action).replace(/^<[^>]+>/, nameOf(target))}`;
    prospects.push({ title: action.title, words, ...judged(action, seen) });
  }
  return reportProspects(`${ref.kind} ${refName(ref)}`, prospects);
}

/** As it is typed. */
function nameOf(target: ResourceRef): string {
  return incidentIdOf(target) ?? refName(target);
}

type Seen = Awaited<ReturnType<typeof foresee>>;

function judged({ surfaces }: Action, seen: Seen): Omit<Prospect, 'title' | 'words'> {
  if ('refused' in seen) return { answer: 'impossible', ...reasonOf(seen), planned: true };
  const { alone, asked, planned } = seen;
  if (asked.verdict.answer === 'deny') return { answer: 'denied', ...reasonsOf(asked), planned };
  if (!surfaces.includes('auto'))
    return { answer: 'asked', reasons: ['Only people ask for it.', ...othersOf(asked)], againAt: undefined, planned };
  return { answer: alone.verdict.answer === 'allow' ? 'alone' : 'asked', ...reasonsOf(alone), planned };
}

function reasonOf({ refused }: Refusal): Pick<Prospect, 'reasons' | 'againAt'> {
  return { reasons: [refused], againAt: undefined };
}

/** Why, by all who said the strictest; and when it may be different, where each of them says so. */
function reasonsOf({ verdict: { answer, reason }, rulings }: Judgement): Pick<Prospect, 'reasons' | 'againAt'> {
  if (answer === 'allow') return { reasons: [reason], againAt: undefined };
  const against = rulings.map(({ verdict }) => verdict).filter((verdict) => verdict.answer === answer);
  const times = against.map(retryOf).filter((at) => at !== undefined);
  const againAt = times.length === against.length ? Math.max(...times) : undefined;
  return { reasons: against.map((verdict) => verdict.reason), againAt };
}

function retryOf(verdict: Verdict): number | undefined {
  return verdict.answer === 'deny' ? verdict.retryAt : undefined;
}

/** What a person who asks is told before saying yes, besides that it takes a yes. */
function othersOf({ rulings }: Judgement): readonly string[] {
  return rulings
    .filter(({ guardrail, verdict }) => guardrail !== 'autonomy' && verdict.answer === 'needs-approval')
    .map(({ verdict }) => verdict.reason);
}
