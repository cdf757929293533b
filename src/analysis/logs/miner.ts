import { z } from 'zod';
import { type Group, Groups, groupOf } from './groups.ts';
import { Scanner } from './scanner.ts';
import { isOpen, type Slot, templateOf } from './template.ts';

export interface MinerOptions {
  /** How many patterns are kept; those not seen for longest are forgotten first. */
  readonly maxPatterns?: number;
}

export interface Pattern {
  /** Made from the first message; it stays when the template becomes more general. */
  readonly id: string;
  /** The text that all messages share, white space as one blank, with `<*>` for each part that varies. */
  readonly template: string;
  /** How many messages it had so far. */
  readonly count: number;
}

export interface MinedLine {
  readonly pattern: Pattern;
  /** What stands for each `<*>`, in order. */
  readonly parameters: readonly string[];
  /** Whether the message is the first of its pattern. */
  readonly isNew: boolean;
}

/** All that a miner knows, as plain JSON. */
export const MinerState = z.object({
  /** Messages so far. */
  clock: z.number(),
  /** In the order in which they came up. */
  patterns: z.array(
    z.object({
      id: z.string(),
      tokens: z.array(z.string()),
      kinds: z.array(z.number()),
      count: z.number(),
      seen: z.number(),
    }),
  ),
  /** Ids of patterns that became part of another, and its id. */
  joined: z.array(z.tuple([z.string(), z.string()])),
});
export type MinerState = z.infer<typeof MinerState>;

export interface Miner {
  /** Places one message, without its time and level. It may have several lines, be empty, binary or of any length. */
  add(message: string): MinedLine;
  patterns(): readonly Pattern[];
  /** The pattern of this id, or the one it became part of; undefined when it was forgotten. */
  resolve(id: string): Pattern | undefined;
  /** Adds what another miner learned. The outcome does not depend on which of the two is merged into which. */
  merge(state: MinerState): void;
  state(): MinerState;
}

const defaultLimit = 2_000;
/** How much of known lines is kept, so that long ones do not take all memory. */
const maxCharacters = 4_000_000;

/**
 * Finds the patterns of log messages while they come in. A message is first reduced to what is not variable by its form (`scanner`). A pattern that covers what is
 * left takes it. Otherwise it becomes a pattern, and patterns that differ in places where enough different words were seen become one (`kinship`). So an early id
 * may later stand for a wider pattern: see `resolve`.
 */
export function createMiner({ maxPatterns = defaultLimit }: MinerOptions = {}, state?: MinerState): Miner {
  const scanner = new Scanner();
  const known = new KnownLines(maxPatterns);
  let groups = new Groups(maxPatterns);
  let clock = 0;

  function place(): Group {
    const skeleton = scanner.skeleton();
    const placed = known.get(skeleton, groups.changes);
    if (placed?.tokens.length === scanner.count) return placed;
    const template = templateOf(scanner);
    const group = groups.find(template) ?? groups.insert({ ...groupOf(structuredClone(template)), seen: clock });
    known.set(skeleton, group, groups.changes);
    return group;
  }

  function save(): MinerState {
    const patterns = groups.all().map(({ id, tokens, kinds, count, seen }) => {
      return { id, tokens: [...tokens], kinds: [...kinds], count, seen };
    });
    return { clock, patterns, joined: groups.redirects().map(([from, to]) => [from, to]) };
  }

  if (state !== undefined) {
    clock = state.clock;
    for (const group of groupsOf(state, clock)) groups.restore(group);
    groups.addRedirects(state.joined);
  }
  return {
    add(message) {
      clock += 1;
      scanner.scan(message);
      const group = place();
      group.count += 1;
      group.seen = clock;
      return { pattern: patternOf(group), parameters: parametersOf(scanner, group.slots), isNew: group.count === 1 };
    },
    patterns: () => groups.all().map(patternOf),
    resolve(id) {
      const group = groups.resolve(id);
      return group === undefined ? undefined : patternOf(group);
    },
    merge(other) {
      const own = save();
      clock = Math.max(own.clock, other.clock);
      groups = united([...groupsOf(own, clock), ...groupsOf(other, clock)], maxPatterns);
      groups.addRedirects([...own.joined, ...other.joined]);
      known.clear();
    },
    state: save,
  };
}

/** Remembers where whole lines belong, so that most are placed by one look-up. It is emptied when it is full, and when that may have changed. */
class KnownLines {
  private readonly limit: number;
  private readonly groups = new Map<string, Group>();
  private changes = 0;
  private characters = 0;

  constructor(maxPatterns: number) {
    this.limit = 4 * maxPatterns;
  }

  get(skeleton: string, changes: number): Group | undefined {
    return changes === this.changes ? this.groups.get(skeleton) : undefined;
  }

  set(skeleton: string, group: Group, changes: number): void {
    if (changes !== this.changes || this.groups.size >= this.limit || this.characters > maxCharacters) this.clear();
    this.changes = changes;
    this.characters += skeleton.length;
    this.groups.set(ownCopy(skeleton), group);
  }

  clear(): void {
    this.groups.clear();
    this.characters = 0;
  }
}

/** The patterns of a state as seen by a miner with this clock. */
function groupsOf(state: MinerState, clock: number): readonly Group[] {
  return state.patterns.map(({ id, count, seen, ...template }) => {
    return { ...groupOf(template, id), count, seen: clock - state.clock + seen };
  });
}

/** What two miners know together. */
function united(all: readonly Group[], limit: number): Groups {
  const groups = new Groups(limit);
  for (const group of all.toSorted(byGenerality)) {
    const found = groups.find(group);
    if (found === undefined) groups.insert(group);
    else groups.absorb(found, group);
  }
  return groups;
}

/** The widest first, so that it takes its cases; then any order that does not depend on who merges. */
function byGenerality(one: Group, other: Group): number {
  const openness = countOpen(other) - countOpen(one);
  if (openness !== 0) return openness;
  return compare(one.text, other.text) || compare(one.id, other.id);
}

function countOpen({ tokens }: Group): number {
  return tokens.filter(isOpen).length;
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** A part of a text keeps all of it in memory; this does not. */
function ownCopy(text: string): string {
  return ` ${text}`.slice(1);
}

function patternOf({ id, text, count }: Group): Pattern {
  return { id, template: text, count };
}

function parametersOf(scanner: Scanner, slots: readonly Slot[]): readonly string[] {
  const { text, starts, ends, colons } = scanner;
  const parameters: string[] = [];
  for (const { first, last, isWhole } of slots) {
    let start = isWhole ? starts[first] : scanner.stemEnd(first);
    const colon = isWhole ? 0 : (colons[first] ?? 0);
    if (colon > 0) parameters.push(text.slice(start, colon));
    if (colon > 0) start = colon + 1;
    parameters.push(text.slice(start, ends[last]));
  }
  return parameters;
}
