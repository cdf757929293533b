import { type Incident, incidentKind, incidentRef } from '../core/incident.ts';
import { type ResourceRef, refName } from '../core/resource-ref.ts';
import { escapeText, truncate } from '../notifications/blocks/mrkdwn.ts';
import type { Action, TargetKind } from '../ops/action.ts';
import { actions } from '../ops/actions/index.ts';
import type { DeskContext } from './context.ts';
import { nearest } from './words.ts';

/** The object somebody means, or the sentence that asks back. */
export type Target = { readonly ref: ResourceRef } | { readonly unclear: string };

const candidatesShown = 10;
const incidentId = /^inc-[a-z0-9]+$/;

/** Finds what `words` name: an incident's id, or a workload as `name`, `namespace/name` or `kind/namespace/name`. */
export async function findTarget(
  words: string,
  context: DeskContext,
  kinds: readonly TargetKind[] = [],
): Promise<Target> {
  if (incidentId.test(words)) {
    const incident = await context.ops.incidents.get(words);
    if (incident === undefined) return { unclear: `There is no incident ${words}.` };
    return { ref: kinds.includes(incidentKind) ? incidentRef(incident) : incident.subject };
  }
  const found = kinds.length === 0 ? await context.ops.observer.find(words) : await findObjects(words, kinds, context);
  return found.length === 0 ? { unclear: await describeMissing(words, context, kinds) } : pick(words, found);
}

/** What the only word names, or else the incident in whose thread it was asked; undefined where it is neither. */
export async function readTarget(
  words: readonly string[],
  incident: Incident | undefined,
  context: DeskContext,
): Promise<Target | undefined> {
  const [word, ...others] = words;
  if (word !== undefined) return others.length === 0 ? findTarget(word, context) : undefined;
  return incident === undefined ? undefined : { ref: incident.subject };
}

/** Kinds of objects that an action is about, workloads aside. */
const otherKinds = [...new Set(actions.flatMap(({ targets = [] }: Action) => targets))];

/** The same for every kind that something can be done to: workloads where there are any of that name, otherwise whatever has it. */
export async function findAnything(words: string, context: DeskContext): Promise<Target> {
  const workload = await findTarget(words, context);
  if ('ref' in workload || (await context.ops.observer.find(words)).length > 0) return workload;
  const others = await findObjects(words, otherKinds, context);
  return others.length === 0 ? workload : pick(words, others);
}

/** What people type for kinds besides their names. */
const shortNames: Readonly<Record<string, string>> = {
  no: 'node',
  po: 'pod',
  cj: 'cronjob',
  hpa: 'horizontalpodautoscaler',
  autoscaler: 'horizontalpodautoscaler',
  pvc: 'persistentvolumeclaim',
};

function meansKind(word: string, kind: TargetKind): boolean {
  return (shortNames[word.toLowerCase()] ?? word.toLowerCase()) === kind.toLowerCase();
}

async function findObjects(
  words: string,
  kinds: readonly TargetKind[],
  { ops }: DeskContext,
): Promise<readonly ResourceRef[]> {
  const parts = words.split('/');
  const named = parts.length === 1 ? [] : kinds.filter((kind) => meansKind(parts[0] ?? '', kind));
  const [name, namespace, ...more] = (named.length === 0 ? parts : parts.slice(1)).toReversed();
  if (name === undefined || name === '' || more.length > 0) return [];
  const meant = named.length === 0 ? kinds : named;
  const readable = meant.filter((kind) => kind !== 'Secret' && kind !== incidentKind);
  const found = await Promise.all(readable.map((kind) => ops.objects.list({ kind, namespace, name })));
  const secret = named.includes('Secret') && namespace !== undefined ? [{ kind: 'Secret', namespace, name }] : [];
  return [...found.flat().map(({ ref }) => ref), ...secret];
}

/** The only one, or the question which one is meant. */
function pick(words: string, found: readonly ResourceRef[]): Target {
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return { ref: only };
  const shown = found.slice(0, candidatesShown).map((ref) => `\`${ref.kind.toLowerCase()}/${refName(ref)}\``);
  const more = found.length > shown.length ? `, and ${found.length - shown.length} more` : '';
  return {
    unclear: `${quote(words)} may mean ${found.length} objects: ${shown.join(', ')}${more}. Name one of them in full.`,
  };
}

async function describeMissing(
  words: string,
  { registry, cluster }: DeskContext,
  kinds: readonly TargetKind[],
): Promise<string> {
  if (kinds.includes(incidentKind)) return `There is no incident ${quote(words)}. Type its id, as \`inc-1a2b3c4d\`.`;
  if (kinds.length > 0)
    return `There is no ${kinds.join(' or ')} ${quote(words)} in ${cluster}. Type its name, or its \`namespace/name\`.`;
  const troubled = (await registry.open()).map((incident: Incident) => incident.subject);
  const name = words.split('/').at(-1) ?? words;
  const close = nearest(
    name,
    troubled.map((ref) => ref.name),
  );
  const meant = troubled.find((ref) => ref.name === close);
  const hint = meant === undefined ? '' : ` Did you mean \`${refName(meant)}\`?`;
  return `There is no workload ${quote(words)} in ${cluster}.${hint} Workloads are named \`name\`, \`namespace/name\` or \`kind/namespace/name\`.`;
}

const quotedLength = 80;

/** What somebody typed, shown as code: nothing in it is live, and it is never longer than a line. */
export function quote(words: string): string {
  return `\`${escapeText(truncate(words.replaceAll('`', "'"), quotedLength))}\``;
}
