import type { Finding } from '../../core/finding.ts';
import type { Incident } from '../../core/incident.ts';
import { type ResourceRef, refName } from '../../core/resource-ref.ts';
import { type Ask, type Command, say } from '../command.ts';
import type { DeskContext } from '../context.ts';
import { findOpenIncident } from '../parameters.ts';
import { escapeText, timeOf } from '../sentences.ts';
import { findTarget, type Target } from '../target.ts';

export const why: Command = {
  id: 'why',
  usage: '<workload>',
  help: 'Look at a workload now: what is wrong, why, and what was done.',
  role: 'viewer',
  async run(ask, context) {
    const target = await readTarget(ask, context);
    if ('unclear' in target) return say(target.unclear);
    return say(describeWhy(await readWhy(target.ref, context)));
  },
};

async function readTarget({ words, incident }: Ask, context: DeskContext): Promise<Target> {
  const [word, ...others] = words;
  if (word !== undefined && others.length === 0) return findTarget(word, context);
  if (word === undefined && incident !== undefined) return { ref: incident.subject };
  return { unclear: `Type \`${context.commandName} why <workload>\`.` };
}

interface Why {
  readonly subject: ResourceRef;
  readonly findings: readonly Finding[];
  readonly incident: Incident | undefined;
}

async function readWhy(subject: ResourceRef, { ops, registry }: DeskContext): Promise<Why> {
  const [view, open] = await Promise.all([ops.observer.observe(subject), registry.open()]);
  return { subject, findings: ops.detect(subject, view), incident: findOpenIncident(open, subject) };
}

const stepsShown = 5;

function describeWhy({ subject, findings, incident }: Why): string {
  const name = `${subject.kind} ${refName(subject)}`;
  const now =
    findings.length === 0
      ? [`${name}: nothing is wrong right now.`]
      : findings.map((finding) => `*${name}: ${escapeText(finding.title)}*\n${escapeText(finding.cause)}`);
  const changes = findings.flatMap(({ release }) => release?.changes ?? []).map((line) => `• ${escapeText(line)}`);
  return [...now, ...(changes.length > 0 ? ['What changed:', ...changes] : []), ...describeIncident(incident)].join(
    '\n',
  );
}

function describeIncident(incident: Incident | undefined): readonly string[] {
  if (incident === undefined) return [];
  const steps = incident.timeline.slice(-stepsShown).map((entry) => `• ${timeOf(entry.at)} ${entry.text}`);
  return [`Open incident \`${incident.id}\`, since ${timeOf(incident.openedAt)}:`, ...steps];
}
