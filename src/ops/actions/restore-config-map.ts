import { z } from 'zod';
import { formatTime } from '../../analysis/explain/time.ts';
import type { PatchOperation, Plan, Refusal } from '../../core/action.ts';
import { type ConfigContent, type ConfigVersion, readConfigContent } from '../../core/config-version.ts';
import { readsAtStart } from '../../core/pod-references.ts';
import type { Workload } from '../../core/ports/workloads.ts';
import { redactVariable } from '../../core/redact.ts';
import { ResourceRef, refKey, refName } from '../../core/resource-ref.ts';
import { placeholder } from '../../core/secrets/placeholder.ts';
import { defineAction } from '../action.ts';
import type { ActionContext } from '../context.ts';
import { applyChange, isChanged, measuring, readObject, undoChange } from '../object/change.ts';
import { objectRbac } from '../object/rbac.ts';
import { findConsumers } from '../workload/consumers.ts';
import { workloadReadRbac } from '../workload/rbac.ts';
import { verifyReached } from '../workload/reached.ts';
import { diffTemplates, digest } from '../workload/template-diff.ts';

const RestoreParams = z.strictObject({
  target: ResourceRef.extend({ kind: z.literal('ConfigMap') }),
  version: z.coerce
    .number()
    .int()
    .positive()
    .optional()
    .describe('Which of the kept versions; left out, the newest that is not the present content.'),
});
type RestoreParams = z.infer<typeof RestoreParams>;

export const restoreConfigMap = defineAction({
  id: 'restore-config-map',
  title: 'Restore ConfigMap',
  risk: 'medium',
  surfaces: ['slash', 'button', 'ai'],
  rbac: [...objectRbac.ConfigMap, ...workloadReadRbac],
  command: {
    name: 'restore',
    arguments: ['target', 'version'],
    help: 'Put back what a ConfigMap held before; kept of those with the annotation `lifeguard.dev/keep-history`.',
  },
  targets: ['ConfigMap'],
  endsRollout: false,
  lasting: true,
  params: RestoreParams,
  plan: planRestore,
  execute: applyChange,
  isApplied: isChanged,
  measure: measuring((live, { patch }) => isSame(readConfigContent(live), contentAfter(patch))),
  verify: verifyReached,
  undo: undoChange,
});

async function planRestore({ target, version }: RestoreParams, context: ActionContext): Promise<Plan | Refusal> {
  const live = await readObject(target, context);
  if ('refused' in live) return live;
  const { ref } = live;
  const name = refName(ref);
  if (live.immutable) return { refused: `ConfigMap ${name} is immutable; it can only be replaced as a whole.` };
  const now = readConfigContent(live);
  const chosen = chooseVersion(await context.configHistory.read(ref), { name, now, wanted: version });
  if ('refused' in chosen) return chosen;
  const patch = replaceContent(now, chosen.content);
  await context.objects.patch({ ref, operations: patch, dryRun: true });
  const consumers = await findConsumers(ref, context);
  return {
    target: ref,
    summary: `Restore ConfigMap ${name} to ${describe(chosen)}.`,
    blastRadius: describeConsumers(consumers, ref),
    risk: 'medium',
    diff: diffTemplates(show(now), show(chosen.content)),
    patch,
    inverse: replaceContent(chosen.content, now),
    undo: 'The present content is put back, unless somebody changed it since.',
    affects: consumers.map((one) => one.ref),
    basis: digest({ uid: ref.uid, now, wanted: chosen.content }),
  };
}

interface Choice {
  readonly name: string;
  readonly now: ConfigContent;
  readonly wanted: number | undefined;
}

function chooseVersion(versions: readonly ConfigVersion[], { name, now, wanted }: Choice): ConfigVersion | Refusal {
  const others = versions.filter(({ content }) => !isSame(content, now));
  const [newest] = others;
  if (newest === undefined) return { refused: `No other content of ${name} is kept; ${howToKeep}` };
  if (wanted === undefined) return newest;
  const kept = `Besides the present content there are: ${others.map(describe).join(', ')}.`;
  const found = versions.find((one) => one.version === wanted);
  if (found === undefined) return { refused: `No version ${wanted} of ${name} is kept. ${kept}` };
  return others.includes(found) ? found : { refused: `${name} holds version ${wanted} already. ${kept}` };
}

const howToKeep = 'what it holds is kept from when it has the annotation lifeguard.dev/keep-history: "true".';

/** `version 3 (seen since 2026-03-02 10:00 UTC)`. */
function describe({ version, at }: ConfigVersion): string {
  return `version ${version} (seen since ${formatTime(at)})`;
}

function isSame(a: ConfigContent, b: ConfigContent): boolean {
  return digest(a) === digest(b);
}

/** Only where all is as it was, what stays included. To the API server a field without entries is absent, and what is absent passes as null. */
function replaceContent(from: ConfigContent, to: ConfigContent): PatchOperation[] {
  return (['data', 'binaryData'] as const).flatMap((field): PatchOperation[] => {
    const [path, now, wanted] = [`/${field}`, from[field], to[field]];
    const test = { op: 'test', path, value: isEmpty(now) ? null : now } as const;
    if (digest(now) === digest(wanted)) return [test];
    return [test, isEmpty(wanted) ? { op: 'remove', path } : { op: 'add', path, value: wanted }];
  });
}

function isEmpty(texts: object): boolean {
  return Object.keys(texts).length === 0;
}

/** What a patch of `replaceContent` leaves: of each field its last operation says it. */
function contentAfter(patch: readonly PatchOperation[]): ConfigContent {
  return readConfigContent(Object.fromEntries(patch.map(({ path, value }) => [path.slice(1), value])));
}

/** As people may see it; bytes are only counted. */
function show({ data, binaryData }: ConfigContent) {
  const count = (bytes: string): string =>
    `${Buffer.byteLength(bytes, 'base64')} bytes ${placeholder('binary', bytes)}`;
  return {
    data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, redactVariable(key, text)])),
    binaryData: Object.fromEntries(Object.entries(binaryData).map(([key, bytes]) => [key, count(bytes)])),
  };
}

const mostNamed = 10;

function describeConsumers(consumers: readonly Workload[], target: ResourceRef): string {
  if (consumers.length === 0) return 'No workload takes its environment or a volume from it.';
  const late = consumers.filter(({ template }) => readsAtStart(template['spec'], target.name));
  const restart = `; restart-consumers ${refName(target)} restarts them.`;
  return [
    `Used by ${listNames(consumers)}.`,
    ...(late.length < consumers.length ? ['Volumes follow within a minute or two.'] : []),
    ...(late.length > 0 ? [`Read only when a pod starts (environment, subPath) by ${listNames(late)}${restart}`] : []),
  ].join(' ');
}

function listNames(workloads: readonly Workload[]): string {
  const shown = workloads.slice(0, mostNamed).map(({ ref }) => refKey(ref));
  return [...shown, ...(workloads.length > mostNamed ? [`${workloads.length - mostNamed} more`] : [])].join(', ');
}
