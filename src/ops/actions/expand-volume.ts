import { z } from 'zod';
import type { Measurement, PatchOperation, Plan, Refusal, Verification } from '../../core/action.ts';
import { readArray, readObject, readString } from '../../core/json.ts';
import type { LiveObject } from '../../core/ports/objects.ts';
import { parseQuantity } from '../../core/quantity.ts';
import { ResourceRef, refName } from '../../core/resource-ref.ts';
import { defineAction, type VerifyInput } from '../action.ts';
import type { ActionContext } from '../context.ts';
import { applyChange, isChanged, nothingMeasured, readObject as readLive } from '../object/change.ts';
import { objectRbac } from '../object/rbac.ts';
import { Amount, resolveAmount } from '../workload/amount.ts';
import { verifyReached } from '../workload/reached.ts';
import { diffTemplates, digest } from '../workload/template-diff.ts';

const ExpandParams = z.strictObject({
  target: ResourceRef.extend({ kind: z.literal('PersistentVolumeClaim') }),
  size: Amount.describe('What it shall have: 20Gi, or a change such as +50%.'),
});
type ExpandParams = z.infer<typeof ExpandParams>;

export const expandVolume = defineAction({
  id: 'expand-volume',
  title: 'Expand volume',
  risk: 'medium',
  surfaces: ['slash', 'button', 'auto', 'ai'],
  rbac: objectRbac.PersistentVolumeClaim,
  command: {
    name: 'expand',
    arguments: ['target', 'size'],
    help: 'Let a claim ask for a larger volume (`20Gi`, `+50%`); it can never shrink again.',
  },
  targets: ['PersistentVolumeClaim'],
  endsRollout: false,
  lasting: true,
  params: ExpandParams,
  plan: planExpansion,
  execute: applyChange,
  isApplied: isChanged,
  measure: measureExpansion,
  verify: verifyExpansion,
});

const requestPath = '/spec/resources/requests/storage';

async function planExpansion({ target, size }: ExpandParams, context: ActionContext): Promise<Plan | Refusal> {
  const live = await readLive(target, context);
  if ('refused' in live) return live;
  const { ref } = live;
  const name = refName(ref);
  const storage = await findStorage(live, context);
  if ('refused' in storage) return storage;
  const { request, now, className } = storage;
  const wanted = resolveAmount(size, now, 'storage');
  if (typeof wanted === 'object') return wanted;
  if (bytesOf(wanted) <= bytesOf(now)) return { refused: `${name} has ${now} already, and a claim cannot shrink.` };
  const patch: readonly PatchOperation[] = [
    { op: 'test', path: requestPath, value: request },
    { op: 'replace', path: requestPath, value: wanted },
  ];
  await context.objects.patch({ ref, operations: patch, dryRun: true });
  return {
    target: ref,
    summary: `Expand PersistentVolumeClaim ${name} from ${now} to ${wanted}.`,
    blastRadius: `Its StorageClass ${className} grows the volume; some storage grows its file system only when a pod that uses it starts anew.`,
    risk: 'medium',
    diff: diffTemplates(withRequest(request), withRequest(wanted)),
    patch: [...patch],
    inverse: null,
    undo: 'There is no way back: Kubernetes lets no claim shrink.',
    asks: { storage: bytesOf(wanted) },
    basis: digest({ uid: ref.uid, request, now, wanted, className }),
  };
}

interface Storage {
  /** What the claim asks for, as written. */
  readonly request: string;
  /** What it has, or asks for where that is more. */
  readonly now: string;
  readonly className: string;
}

/** What the claim has, and who would grow it; a refusal where nobody would. */
async function findStorage({ ref, spec, status }: LiveObject, context: ActionContext): Promise<Storage | Refusal> {
  const name = refName(ref);
  if (readString(status, 'phase') !== 'Bound') return { refused: `${name} has no volume yet that could grow.` };
  const request = readString(spec, 'resources', 'requests', 'storage') ?? '0';
  const capacity = readString(status, 'capacity', 'storage') ?? request;
  if (bytesOf(request) > bytesOf(capacity))
    return { refused: `${name} is being expanded already: it has ${capacity} and asks for ${request}.` };
  const className = readString(spec, 'storageClassName') ?? '';
  if (className === '') return { refused: `${name} has no StorageClass, so nothing grows its volume.` };
  const found = await context.objects.read({ kind: 'StorageClass', namespace: '', name: className });
  if (found === undefined) return { refused: `The StorageClass ${className} of ${name} does not exist (any more).` };
  if (!found.allowsExpansion)
    return { refused: `The StorageClass ${className} of ${name} does not allow volumes to be expanded.` };
  return { request, now: capacity, className };
}

function withRequest(storage: string) {
  return { spec: { resources: { requests: { storage } } } };
}

function bytesOf(amount: string): number {
  return parseQuantity(amount) ?? 0;
}

/** Whether the volume has grown; what its storage says on the way there counts as findings. */
async function measureExpansion({ target, asks }: Plan, context: ActionContext): Promise<Measurement | undefined> {
  const live = await context.objects.read(target);
  if (live === undefined) return undefined;
  const { status } = live;
  const reached = bytesOf(readString(status, 'capacity', 'storage') ?? '0') >= (asks?.storage ?? Infinity);
  const conditions = readArray(status, 'conditions').filter((one) => readString(one, 'status') === 'True');
  const states = Object.values(readObject(status, 'allocatedResourceStatuses'));
  const findings = [...conditions.map((one) => readString(one, 'type')), ...states];
  return { ...nothingMeasured(context), reached, findings: findings.filter((one) => typeof one === 'string') };
}

/** States and conditions of a claim (core/v1, PersistentVolumeClaimStatus) that need somebody. */
const waiting: readonly (readonly [RegExp, string])[] = [
  [/Infeasible$/, 'Its storage cannot give that much.'],
  [/^FileSystemResizePending$/, 'The volume has grown; its file system grows when a pod that uses it starts anew.'],
];

function verifyExpansion(input: VerifyInput, context: ActionContext): Verification {
  const verification = verifyReached(input, context);
  const { findings } = input.after;
  const known = waiting.find(([pattern]) => findings.some((state) => pattern.test(state)));
  return verification.verdict === 'improved' || known === undefined
    ? verification
    : { ...verification, sentence: known[1] };
}
