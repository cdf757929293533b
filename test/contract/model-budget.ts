import { expect, it } from 'vitest';
import type { ModelBudget } from '../../src/core/ports/model-budget.ts';

export interface ModelBudgetUnderTest {
  readonly budget: ModelBudget;
  /** A day (by UTC) passes. */
  readonly nextDay: () => Promise<void>;
}

/** What every budget promises. `open` answers an untouched one of five a day and two for an incident. */
export function describeModelBudget(open: () => Promise<ModelBudgetUnderTest>): void {
  it('says yes so often for one incident, ever', async () => {
    const { budget, nextDay } = await open();
    expect([await budget.take('a'), await budget.take('a'), await budget.take('a')]).toEqual([true, true, false]);
    await nextDay();
    expect(await budget.take('a')).toBe(false);
    expect(await budget.take('b')).toBe(true);
  });

  it('says yes so often a day, however many ask at once, and begins anew on the next', async () => {
    const { budget, nextDay } = await open();
    const ids = Array.from({ length: 20 }, (_, index) => `inc-${index}`);
    const taken = await Promise.all(ids.map((id) => budget.take(id)));
    expect(taken.filter(Boolean)).toHaveLength(5);
    expect(await budget.take('late')).toBe(false);
    await nextDay();
    expect(await budget.take('late')).toBe(true);
  });

  it('does not count against an incident what the day did not give', async () => {
    const { budget, nextDay } = await open();
    for (const id of ['a', 'b', 'c', 'd', 'e']) await budget.take(id);
    for (let asked = 0; asked < 3; asked += 1) expect(await budget.take('f')).toBe(false);
    await nextDay();
    expect([await budget.take('f'), await budget.take('f')]).toEqual([true, true]);
  });
}
