import type { Clock } from '../../../src/core/ports/clock.ts';
import type { ModelBudget } from '../../../src/core/ports/model-budget.ts';

interface Limits {
  readonly callsPerDay: number;
  readonly callsPerIncident: number;
}

export function createFakeModelBudget(clock: Pick<Clock, 'now'>, limits: Limits): ModelBudget {
  const days = new Map<string, number>();
  const incidents = new Map<string, number>();
  return {
    async take(incidentId) {
      const day = new Date(clock.now()).toISOString().slice(0, 10);
      const [used, spent] = [days.get(day) ?? 0, incidents.get(incidentId) ?? 0];
      if (used >= limits.callsPerDay || spent >= limits.callsPerIncident) return false;
      days.set(day, used + 1);
      incidents.set(incidentId, spent + 1);
      return true;
    },
  };
}
