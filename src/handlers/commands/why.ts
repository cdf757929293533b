import type { Finding } from '../../core/finding.ts';
import { type ResourceRef, refName } from '../../core/resource-ref.ts';
import type { ClusterView } from '../../core/view.ts';
import { reportWhy, type WhyFacts } from '../../notifications/reports/commands.ts';
import { type Command, say } from '../command.ts';
import type { DeskContext } from '../context.ts';
import { describeLive } from '../live-state.ts';
import { findOpenIncident } from '../parameters.ts';
import { readTarget } from '../target.ts';

export const why: Command = {
  id: 'why',
  usage: '<workload>',
  help: 'Look at a workload now: what is wrong, why, and what was done.',
  role: 'viewer',
  async run(ask, context) {
    const target = await readTarget(ask.words, ask.incident, context);
    if (target === undefined)
      return say(`Type \`${context.commandName} why <workload>\`, or \`ask\` and a question about an incident.`);
    if ('unclear' in target) return say(target.unclear);
    return reportWhy(await readWhy(target.ref, context));
  },
};

async function readWhy(subject: ResourceRef, context: DeskContext): Promise<WhyFacts> {
  const { ops, registry } = context;
  const [view, open] = await Promise.all([ops.observer.observe(subject), registry.open()]);
  const findings = ops.detect(subject, view);
  const state = [await describeState(subject, view, context), ...findings.flatMap(describeRelease)].join(' ');
  return { name: `${subject.kind} ${refName(subject)}`, findings, incident: findOpenIncident(open, subject), state };
}

async function describeState(subject: ResourceRef, view: ClusterView, context: DeskContext): Promise<string> {
  return (await describeLive(subject, context)) ?? `${view.podsOf(subject).length} pods.`;
}

/** Unless the cause tells of it itself. */
function describeRelease({ release, cause }: Finding): readonly string[] {
  const [first] = release?.changes ?? [];
  if (release === undefined || first === undefined || cause.includes(first)) return [];
  return [`Revision ${release.toRevision} changed: ${release.changes.join('; ')}.`];
}
