import { refName } from '../../core/resource-ref.ts';
import { reportAudit } from '../../notifications/reports/audit.ts';
import { type Command, say } from '../command.ts';

/** Records looked through. */
const looked = 2_000;

export const audit: Command = {
  id: 'audit',
  usage: '[workload]',
  help: 'Who asked for what, who approved it, and what came of it.',
  role: 'operator',
  async run({ words: [word, ...more], incident }, { ops, commandName }) {
    if (more.length > 0) return say(`Type \`${commandName} audit [workload]\`.`);
    const about = word ?? (incident === undefined ? undefined : refName(incident.subject));
    const records = await ops.audit.recent(looked);
    const shown = about === undefined ? records : records.filter(({ subject }) => isAbout(subject, about));
    return reportAudit({ about, records: shown });
  },
};

/** Subjects are `Kind namespace/name` or `namespace/name`; people type the name, with or without what is before it. */
function isAbout(subject: string, about: string): boolean {
  const [kind = '', name = kind] = subject.split(' ');
  const names = [name, name.split('/').at(-1) ?? name, `${kind.toLowerCase()}/${name}`];
  return names.includes(about.toLowerCase());
}
