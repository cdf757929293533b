import { z } from 'zod';
import type { Measurement, Plan, Progress, Refusal, Verification } from '../../core/action.ts';
import { refName } from '../../core/resource-ref.ts';
import { defineAction, type Run, type VerifyInput } from '../action.ts';
import type { ActionContext } from '../context.ts';
import { findResidents, keepsFiles, type Resident, type Residents, workloadsOf } from '../node/residents.ts';
import { applyChange, isChanged, readObject, setField, undoChange } from '../object/change.ts';
import { objectRbac } from '../object/rbac.ts';
import { NodeParams } from '../object/switch.ts';
import { measureDeparture, verifyDeparture } from '../pod/departure.ts';
import { countPods, evictionRbac, podRbac } from '../pod/target.ts';
import { diffTemplates, digest } from '../workload/template-diff.ts';

const DrainParams = NodeParams.extend({
  force: z.stringbool().or(z.boolean()).default(false).describe('Also pods that nothing makes again.'),
});
type DrainParams = z.infer<typeof DrainParams>;

export const drainNode = defineAction({
  id: 'drain-node',
  title: 'Drain node',
  risk: 'medium',
  surfaces: ['slash', 'button', 'auto', 'ai'],
  rbac: [...objectRbac.Node, ...podRbac, evictionRbac],
  command: {
    name: 'drain',
    arguments: ['target'],
    options: ['force'],
    help: 'Move all pods off a node, as their disruption budgets allow; it can be stopped at any time.',
  },
  targets: ['Node'],
  endsRollout: false,
  lasting: false,
  params: DrainParams,
  plan: planDrain,
  execute: applyChange,
  advance: moveNext,
  isApplied: isChanged,
  measure: measureDrain,
  verify: verifyDrain,
  undo: undoChange,
});

async function planDrain({ target, force }: DrainParams, context: ActionContext): Promise<Plan | Refusal> {
  const live = await readObject(target, context);
  if ('refused' in live) return live;
  const { ref, spec } = live;
  const residents = await findResidents(ref.name, context);
  const { bare, moving } = residents;
  if (bare.length > 0 && !force) return { refused: describeBare(bare) };
  const leaving = [...moving, ...bare];
  const cordoned = spec['unschedulable'] === true;
  if (cordoned && leaving.length === 0) return { refused: `Node ${ref.name} is drained already.` };
  const patch = setField(live, 'unschedulable', true);
  await context.objects.patch({ ref, operations: patch, dryRun: true });
  return {
    target: ref,
    summary: `Drain node ${ref.name}: ${cordoned ? '' : 'cordon it, then '}move ${countPods(leaving)} off it.`,
    blastRadius: describeMove(residents, leaving),
    risk: bare.length > 0 ? 'high' : 'medium',
    diff: diffTemplates({ spec: { unschedulable: cordoned } }, { spec: { unschedulable: true } }),
    patch,
    ...wayBack(cordoned),
    objects: leaving.map(({ pod }) => pod.ref),
    affects: [...workloadsOf(leaving)],
    asks: { nodes: 1 },
    basis: digest({ uid: ref.uid, cordoned, leaving: leaving.map(({ pod }) => pod.ref.uid).toSorted() }),
  };
}

/** A node that was closed before stays closed. */
function wayBack(cordoned: boolean): Pick<Plan, 'inverse' | 'undo'> {
  const gone = 'that have left do not come back by themselves.';
  return cordoned
    ? { inverse: null, undo: `Pods ${gone}` }
    : {
        inverse: [{ op: 'add', path: '/spec/unschedulable', value: false }],
        undo: `The node is opened to pods again; those ${gone}`,
      };
}

function describeBare(bare: readonly Resident[]): string {
  const names = bare.map(({ pod }) => refName(pod.ref)).join(', ');
  return `Nothing makes ${names} again, so it would be lost. Move it by hand, or add force=true to lose it.`;
}

function describeMove({ staying }: Residents, leaving: readonly Resident[]): string {
  const owners = workloadsOf(leaving).map((owner) => refName(owner));
  const files = leaving.filter(keepsFiles).map(({ pod }) => refName(pod.ref));
  return [
    `${countPods(leaving)}${owners.length === 0 ? '' : ` of ${owners.join(', ')}`}, one of each owner at a time.`,
    ...(files.length === 0 ? [] : [`Files in emptyDir volumes are lost: ${files.join(', ')}.`]),
    ...(staying.length === 0 ? [] : [`These stay: ${staying.join(', ')}.`]),
  ].join(' ');
}

/** One pod of each owner at a time: the next only once the last has gone, so that not all of a workload ends at once. */
async function moveNext({ plan }: Run, context: ActionContext): Promise<Omit<Progress, 'since'>> {
  const wanted = new Set((plan.objects ?? []).map(({ uid }) => uid));
  const { moving, bare } = await findResidents(plan.target.name, context);
  const left = [...moving, ...bare].filter(({ pod }) => wanted.has(pod.ref.uid));
  const holds: string[] = [];
  for (const [, group] of Map.groupBy(left, ({ owner, pod }) => owner?.uid ?? pod.ref.uid)) {
    const [next] = group;
    if (next === undefined || group.some(({ pod }) => pod.deletion !== undefined)) continue;
    const hold = await context.objects.evict({ ref: next.pod.ref, dryRun: false });
    if (hold !== undefined) holds.push(`${refName(next.pod.ref)} is held: ${hold}`);
  }
  const gone = wanted.size - left.length;
  return { left: left.length, text: [`${gone} of ${countPods([...wanted])} have left.`, ...holds].join(' ') };
}

async function measureDrain(plan: Plan, context: ActionContext): Promise<Measurement | undefined> {
  const node = await context.objects.read(plan.target);
  if (node === undefined) return undefined;
  const measured = await measureDeparture(plan, context);
  return { ...measured, reached: measured.reached === true && node.spec['unschedulable'] === true };
}

function verifyDrain(input: VerifyInput, context: ActionContext): Verification {
  const verification = verifyDeparture(input, context);
  if (verification.verdict !== 'improved') return verification;
  return { ...verification, sentence: `The node is empty and closed to new pods. ${verification.sentence}` };
}
