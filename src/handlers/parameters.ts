import { z } from 'zod';
import { holdingFindings, type Incident, incidentRef } from '../core/incident.ts';
import { type Json, readObject, readString } from '../core/json.ts';
import type { ResourceRef } from '../core/resource-ref.ts';
import { type Action, isAbout, type TargetKind } from '../ops/action.ts';
import type { Ask, Unclear } from './command.ts';
import type { DeskContext } from './context.ts';
import { findTarget, quote } from './target.ts';

/** The argument whose word is resolved to an object of the cluster. */
export const targetArgument = 'target';

/** An action's parameters as its schema takes them, or the sentence that asks back; where the target is clear and nothing else was said, with it. */
export type Parameters =
  | { readonly params: Json; readonly target: ResourceRef }
  | (Unclear & { readonly lacking?: ResourceRef });

/** `<workload> [revision]`: what the schema demands in angle brackets, the rest in square ones. */
export function usageOf(action: Action): string {
  const demanded = demandedBy(action);
  const { arguments: names, options = [] } = action.command;
  return [
    ...names
      .map((name) => ({ shown: name === targetArgument ? wordFor(action) : name, demanded: demanded.has(name) }))
      .map(({ shown, demanded: must }) => (must ? `<${shown}>` : `[${shown}]`)),
    ...options.map((name) => `[${name}=…]`),
  ].join(' ');
}

/** Names of the parameters without which it cannot be asked for. */
function demandedBy({ params }: Action): ReadonlySet<unknown> {
  return new Set((params.safeParse({}).error?.issues ?? []).map(({ path }) => path[0]));
}

/** What people call its target. */
function wordFor({ targets: [kind, ...others] = [] }: Action): string {
  if (kind === undefined) return 'workload';
  if (others.length > 0) return 'object';
  return shortWords[kind] ?? kind.toLowerCase();
}

const shortWords: Partial<Record<TargetKind, string>> = {
  HorizontalPodAutoscaler: 'autoscaler',
  PersistentVolumeClaim: 'claim',
};

/** Turns positional words into parameters. In an incident's thread the workload may be left out: the incident's own is meant. */
export async function readParameters(action: Action, ask: Ask, context: DeskContext): Promise<Parameters> {
  const { incident } = ask;
  const names = action.command.arguments;
  const { words, options } = splitOptions(action, ask.words);
  const [first, ...rest] = names;
  if (first !== targetArgument) return { unclear: `${action.title} cannot be asked for with words.` };
  if (takenBy(action, words, names.length).length > names.length) return { unclear: describeUsage(action, context) };
  const own =
    incident === undefined
      ? undefined
      : bindWords(action, { ref: subjectFor(action, incident), names: rest, words, options });
  if (own !== undefined) return own;
  const [word, ...others] = words;
  if (word === undefined) return { unclear: describeUsage(action, context) };
  const target = await findTarget(word, context, action.targets);
  if ('unclear' in target) return target;
  const bound = bindWords(action, { ref: target.ref, names: rest, words: others, options });
  const given = [...others, ...options.map(([name, value]) => `${name}=${value}`)];
  if (bound !== undefined) return bound;
  const usage = describeUsage(action, context);
  if (given.length > 0) return { unclear: `${given.map(quote).join(' ')} is not understood. ${usage}` };
  return isAbout(action, target.ref) ? { unclear: usage, lacking: target.ref } : { unclear: usage };
}

interface Positional {
  readonly ref: ResourceRef;
  readonly names: readonly string[];
  readonly words: readonly string[];
  readonly options: Options;
}

type Options = readonly (readonly [name: string, value: string])[];

/** Takes out the words that name a parameter themselves: `memory=512Mi`. */
function splitOptions(
  { command: { options = [] } }: Action,
  words: readonly string[],
): { readonly words: readonly string[]; readonly options: Options } {
  const split = words.map((word) => /^(\w+)=(.*)$/s.exec(word));
  const isOption = (index: number): boolean => options.includes(split[index]?.[1] ?? '');
  return {
    words: words.filter((_, index) => !isOption(index)),
    options: split.flatMap((match, index) =>
      match === null || !isOption(index) ? [] : [[match[1] ?? '', match[2] ?? '']],
    ),
  };
}

/** What of an incident the action is about: its alerts are named by the incident itself. */
function subjectFor(action: Action, incident: Incident): ResourceRef {
  const own = incidentRef(incident);
  return isAbout(action, own) ? own : incident.subject;
}

/** Whether alerts belong to it now, so that they may be silenced. */
export function hasAlerts(incident: Incident): boolean {
  return holdingFindings(incident).some(({ alerts = [] }) => alerts.length > 0);
}

/** Undefined where the action's own schema does not take these words for this object. */
function bindWords(action: Action, { ref, names, words: given, options }: Positional): Parameters | undefined {
  const words = takenBy(action, given, names.length);
  if (words.length > names.length) return undefined;
  const named = words.map((word, index): [string, Json] => [names[index] ?? '', word]);
  const params: Json = { [targetArgument]: targetOf(ref), ...Object.fromEntries([...named, ...options]) };
  return action.params.safeParse(params).success ? { params, target: ref } : undefined;
}

/** The words as arguments: where the last argument takes the rest, so many at most. */
function takenBy({ command }: Action, words: readonly string[], most: number): readonly string[] {
  if (command.takesRest !== true || words.length <= most) return words;
  return [...words.slice(0, most - 1), words.slice(most - 1).join(' ')];
}

/** An object as parameters name it. */
export function targetOf({ uid, ...identity }: ResourceRef): Json {
  return uid === undefined ? identity : { ...identity, uid };
}

/** How it is typed, with what the schema says of each demanded word. */
function describeUsage(action: Action, { commandName }: DeskContext): string {
  const demanded = demandedBy(action);
  const properties = readObject(z.toJSONSchema(action.params, { io: 'input', unrepresentable: 'any' }), 'properties');
  const hints = action.command.arguments
    .filter((name) => demanded.has(name))
    .map((name) => readString(properties, name, 'description'));
  const usage = `Type \`${commandName} ${action.command.name} ${usageOf(action)}\`.`;
  return [usage, ...hints.filter((hint) => hint !== undefined)].join(' ');
}

/** The open incident about this object, to bind what is asked to what is known. */
export function findOpenIncident(open: readonly Incident[], ref: ResourceRef): Incident | undefined {
  return open.find(
    ({ subject }) => subject.kind === ref.kind && subject.namespace === ref.namespace && subject.name === ref.name,
  );
}
