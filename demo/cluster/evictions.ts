import { readArray, readNumber, readObject, readString } from '../../src/core/json.ts';
import { matchesSelector } from '../../src/core/label-selector.ts';
import { type Answer, jsonAnswer } from './answers.ts';
import type { ChangeTools } from './changes.ts';
import { ApiFailure, badRequest, budgetProcessing, budgetSpent } from './failure.ts';
import { fieldsIn, type KubeObject, labelsOf, specOf, statusOf, timeText } from './objects.ts';
import { removalOptions, removeObject } from './removals.ts';
import { type ApiRequest, isDryRun, parseObjectBody, type Target } from './request.ts';
import { disruptionBudgets } from './resources.ts';
import type { Store } from './store.ts';
import type { Stored } from './stored.ts';

/** Removes a pod where its disruption budget allows that, as `pods/eviction` does. */
export function evict({ store, reads, writes }: ChangeTools, request: ApiRequest, target: Target): Answer {
  const body = parseObjectBody(request.body);
  const given = readString(body, 'metadata', 'name');
  if (given !== target.name) throw badRequest('name in URL does not match name in Eviction object');
  const pod = reads.get(target);
  const asked = removalOptions(readObject(body, 'deleteOptions'));
  const options = { ...asked, dryRun: asked.dryRun === true || isDryRun(request.query) };
  const budget = isBeyondBudgets(pod.object) ? undefined : budgetOf(store, pod.object);
  if (budget !== undefined && !isLetGo(budget.object, pod.object)) {
    const status = spend(budget.object, pod.object);
    if (!options.dryRun) writes.replace(budget, { ...budget.object, status }, { status: true });
  }
  removeObject(store, pod, options);
  return jsonAnswer(201, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
}

/** Nothing is lost with a pod that has ended, has not begun, or goes anyway. */
function isBeyondBudgets(pod: KubeObject): boolean {
  const phase = readString(pod, 'status', 'phase') ?? '';
  return pod.metadata.deletionTimestamp !== undefined || ['Succeeded', 'Failed', 'Pending'].includes(phase);
}

function budgetOf(store: Store, pod: KubeObject): Stored | undefined {
  const [budget, ...others] = budgetsOf(store, pod);
  if (others.length === 0) return budget;
  const message = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
  throw new ApiFailure({ code: 500, reason: '', message });
}

/** The disruption budgets that hold for a pod. An empty selector takes all pods, none at all takes none. */
function budgetsOf(store: Store, pod: KubeObject): readonly Stored[] {
  return store
    .list(disruptionBudgets, pod.metadata.namespace)
    .filter(({ object }) => matchesSelector(specOf(object)['selector'], labelsOf(pod)));
}

/** What is not ready may go without being counted, where enough others are healthy or the budget says always. */
function isLetGo(budget: KubeObject, pod: KubeObject): boolean {
  const isReady = fieldsIn(readArray(pod, 'status', 'conditions')).some(
    ({ type, status }) => type === 'Ready' && status === 'True',
  );
  if (isReady) return false;
  if (specOf(budget)['unhealthyPodEvictionPolicy'] === 'AlwaysAllow') return true;
  const [current, desired] = [countOf(budget, 'currentHealthy'), countOf(budget, 'desiredHealthy')];
  return desired > 0 && current >= desired;
}

/** The budget's status after one more disruption. */
function spend(budget: KubeObject, pod: KubeObject) {
  const status = statusOf(budget);
  const allowed = countOf(budget, 'disruptionsAllowed');
  const { name, generation = 0 } = budget.metadata;
  if (countOf(budget, 'observedGeneration') < generation) throw budgetProcessing(name);
  if (allowed <= 0) throw budgetSpent(name, countOf(budget, 'desiredHealthy'), countOf(budget, 'currentHealthy'));
  const disruptedPods = { ...readObject(status, 'disruptedPods'), [pod.metadata.name]: timeText(Date.now()) };
  return { ...status, disruptionsAllowed: allowed - 1, disruptedPods };
}

function countOf(budget: KubeObject, field: string): number {
  return readNumber(budget, 'status', field) ?? 0;
}
