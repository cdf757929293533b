import type { Measurement, Plan } from '../../core/action.ts';
import { hasCode } from '../../core/errors.ts';
import type { ActionContext } from '../context.ts';
import { nothingMeasured } from '../object/change.ts';
import { type Matter, readMatter } from './target.ts';

/** Whether it is so, and which alerts lack their silence. */
type Look = Required<Pick<Measurement, 'reached' | 'findings'>>;

/** Measures by what Alertmanager says. While it is away, or not configured any more, nothing is measured: that is unknown, not undone. */
export function measuringAlerts(look: (plan: Plan, matter: Matter) => Promise<Look>) {
  return async (plan: Plan, context: ActionContext): Promise<Measurement> => {
    const matter = await readMatter(plan.target, context);
    if ('refused' in matter) return nothingMeasured(context);
    try {
      return { ...nothingMeasured(context), ...(await look(plan, matter)) };
    } catch (error) {
      if (!hasCode(error, 'alertmanager-unreachable')) throw error;
      return nothingMeasured(context);
    }
  };
}
