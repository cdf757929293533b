/** How often a model may be asked: so often a day (by UTC), and so often for one incident. */
export interface ModelBudget {
  /** Counts one question before it is asked; false, and nothing is counted, where either is used up. What was counted is not given back. */
  take(incidentId: string): Promise<boolean>;
}
