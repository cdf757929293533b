import { allow, deny, needsApproval } from '../../core/verdict.ts';
import { describePlace, type Guardrail, isAutomatic } from '../guardrail.ts';

export const freeze: Guardrail = {
  id: 'freeze',
  promise: 'In a freeze window Lifeguard changes nothing by itself, and a person confirms that it is worth it.',
  judge({ freeze: current, origin, namespaces }) {
    if (current === undefined) return allow(`No freeze holds in ${namespaces.map(describePlace).join(', ')}.`);
    const reason = `There is a freeze (${current.reason}) until ${new Date(current.until).toISOString().slice(0, 16)} UTC.`;
    return isAutomatic(origin) ? deny(reason, current.until) : needsApproval(`${reason} A person may go past it.`);
  },
};
