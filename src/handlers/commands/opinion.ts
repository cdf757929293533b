import { numberAfter } from '../../core/evidence.ts';
import type { Incident } from '../../core/incident.ts';
import { reportOpinions } from '../../notifications/reports/opinions.ts';
import { type Answer, type PlacedCommand, say } from '../command.ts';
import type { DeskContext } from '../context.ts';
import { namespacesOf } from '../incident-decision.ts';
import { findIncident } from '../named-incident.ts';

/** Their agents read with rights of their own, so who asks them has more than a look to take. */
export const opinion: PlacedCommand = {
  id: 'opinion',
  usage: '<incident> [question]',
  help: 'Ask kagent or kubectl-ai for a second opinion. It is quoted and kept with the evidence, not checked, and never acted on.',
  role: 'operator',
  async prepare(asked, context) {
    const usage = `Type \`${context.commandName} ${opinion.id} ${opinion.usage}\`, or mention me with \`opinion\` in its thread.`;
    const { consult } = context;
    if (consult === undefined)
      return { unclear: 'Nobody is configured to be asked: set `investigators` in lifeguard.yaml.' };
    const named = await findIncident(asked, context);
    if ('unclear' in named) return { unclear: `${named.unclear} ${usage}` };
    const question = named.words.join(' ');
    return {
      where: namespacesOf(named.incident),
      run: () => hearOpinions(named.incident, question, { ...context, consult }),
    };
  },
};

type Consulting = DeskContext & { readonly consult: NonNullable<DeskContext['consult']> };

async function hearOpinions(incident: Incident, question: string, context: Consulting): Promise<Answer> {
  const { id, subject, title, cause } = incident;
  const asked = question === '' ? 'What is the cause, and what speaks for it?' : question;
  const { opinions, silent } = await context.consult({ subject, text: `${title}. ${cause}\n${asked}` });
  const present = await context.ops.incidents.get(id);
  if (present === undefined) return say('The incident is gone meanwhile.');
  const { evidence, injections = [] } = present;
  const kept = numberAfter(evidence, opinions);
  if (kept.length > 0) {
    const found = [...injections, ...context.findInjections(kept)];
    await context.registry.addEvidence(id, [...evidence, ...kept], found);
  }
  return reportOpinions({ incident: present, opinions: kept, silent });
}
