import type { Plan } from '../../core/action.ts';
import { LifeguardError } from '../../core/errors.ts';
import { readArray, readString } from '../../core/json.ts';
import type { LiveObject } from '../../core/ports/objects.ts';
import { parseQuantity } from '../../core/quantity.ts';
import type { ActionContext } from '../context.ts';
import type { Capacity } from '../guardrail.ts';
import { isServing } from './service.ts';

/** Cores and bytes. */
interface Amounts {
  readonly cpu: number;
  readonly memory: number;
}

const resources = ['cpu', 'memory'] as const;

/** Nodes whose pods are counted, the largest first: enough to find room where there is some, without reading every pod of a large cluster. */
const looked = 10;

/** What the nodes have for one pod that gets what the plan asks for. Fails where none says what it can give. */
export async function readCapacity({ asks = {} }: Plan, { objects }: ActionContext): Promise<Capacity> {
  const { cpu = 0, memory = 0 } = asks;
  const asked = { cpu, memory };
  if (cpu === 0 && memory === 0) return { largeEnough: true, roomOn: undefined };
  const all = await objects.list({ kind: 'Node' });
  const nodes = all.flatMap(sizeOf);
  if (nodes.length === 0)
    throw new LifeguardError('no node says what it can give', { code: 'cluster-rejected', retry: 'permanent' });
  const fitting = nodes.filter(({ size }) => fits(asked, size));
  const open = fitting.filter(({ node }) => isServing(node) && !isTainted(node));
  for (const { node, size } of open.toSorted((a, b) => b.size.memory - a.size.memory).slice(0, looked)) {
    const used = sum((await objects.list({ kind: 'Pod', node: node.ref.name })).filter(isRunning).map(requestedBy));
    const left = { cpu: size.cpu - used.cpu, memory: size.memory - used.memory };
    if (fits(asked, left)) return { largeEnough: true, roomOn: node.ref.name };
  }
  return { largeEnough: fitting.length > 0 || nodes.length < all.length, roomOn: undefined };
}

function fits(asked: Amounts, has: Amounts): boolean {
  return resources.every((resource) => asked[resource] <= has[resource]);
}

/** A node says nothing before its kubelet has reported; it may turn out to be a large one. */
function sizeOf(node: LiveObject): readonly { readonly node: LiveObject; readonly size: Amounts }[] {
  const [cpu, memory] = resources.map((name) => parseQuantity(readString(node.status, 'allocatable', name) ?? ''));
  return cpu === undefined || memory === undefined ? [] : [{ node, size: { cpu, memory } }];
}

/** Kept for pods that tolerate it, which this one may not. */
function isTainted({ spec }: LiveObject): boolean {
  return readArray(spec, 'taints').some((taint) =>
    ['NoSchedule', 'NoExecute'].includes(readString(taint, 'effect') ?? ''),
  );
}

function isRunning({ status }: LiveObject): boolean {
  return !['Succeeded', 'Failed'].includes(readString(status, 'phase') ?? '');
}

/** The API server has filled in the request where only a limit was written. */
function requestedBy({ spec }: LiveObject): Amounts {
  const containers = readArray(spec, 'containers');
  const read = (resource: string): number =>
    containers
      .map((one) => parseQuantity(readString(one, 'resources', 'requests', resource) ?? '') ?? 0)
      .reduce((total, amount) => total + amount, 0);
  return { cpu: read('cpu'), memory: read('memory') };
}

function sum(all: readonly Amounts[]): Amounts {
  return all.reduce((total, { cpu, memory }) => ({ cpu: total.cpu + cpu, memory: total.memory + memory }), {
    cpu: 0,
    memory: 0,
  });
}
