import type { Plan } from '../../core/action.ts';
import { readNumber, readObject } from '../../core/json.ts';
import { matchesSelector } from '../../core/label-selector.ts';
import type { Labels } from '../../core/views/object.ts';
import type { ActionContext } from '../context.ts';
import type { PodBudget } from '../guardrail.ts';

/** The strictest disruption budget of pods with these labels; undefined where none holds. Its count is as fresh as its controller's last look. */
export async function findBudget(
  { target }: Plan,
  labels: Labels,
  { objects }: ActionContext,
): Promise<PodBudget | undefined> {
  const all = await objects.list({ kind: 'PodDisruptionBudget', namespace: target.namespace });
  return all
    .filter(({ spec }) => matchesSelector(spec['selector'], labels))
    .map(({ ref, status }) => ({ name: ref.name, allowed: readNumber(status, 'disruptionsAllowed') ?? 0 }))
    .toSorted((a, b) => a.allowed - b.allowed)[0];
}

/** Labels of a workload's pods. */
export function podLabels(template: unknown): Labels {
  const labels = Object.entries(readObject(template, 'metadata', 'labels'));
  return Object.fromEntries(labels.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
