import { createHash } from 'node:crypto';
import { findKin } from './kinship.ts';
import { covers, frameOf, generalize, render, type Slot, slotsOf, type Template } from './template.ts';

/** One pattern and what is known of it. */
export interface Group extends Template {
  readonly id: string;
  readonly frame: string;
  readonly text: string;
  readonly slots: readonly Slot[];
  count: number;
  /** The clock at its last message. */
  seen: number;
}

/** Oldest first. */
type Redirects = readonly (readonly [from: string, to: string])[];

/** A pattern without messages. Without an id it gets the one that every miner gives to this template. */
export function groupOf({ tokens, kinds }: Template, id?: string): Group {
  const template = { tokens, kinds };
  const frame = frameOf(template);
  const known = { frame, text: render(template), slots: slotsOf(template), count: 0, seen: 0 };
  return { ...template, ...known, id: id ?? idOf([frame, ...tokens]) };
}

function idOf(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 12);
}

/** Patterns in the order in which they came up, at most so many: those not seen for longest go first, some at a time. */
export class Groups {
  /** Counts how often what was found before may since be found elsewhere. */
  changes = 0;
  private readonly limit: number;
  private readonly byId = new Map<string, Group>();
  private readonly byFrame = new Map<string, Group[]>();
  private readonly targets = new Map<string, string>();

  constructor(limit: number) {
    this.limit = limit;
  }

  all(): readonly Group[] {
    return [...this.byId.values()];
  }

  /** The pattern that covers a template. */
  find(template: Template): Group | undefined {
    return this.byFrame.get(frameOf(template))?.find((group) => covers(group, template));
  }

  /** The pattern of this id, or the one it became part of. */
  resolve(id: string): Group | undefined {
    let target: string | undefined = id;
    while (target !== undefined && !this.byId.has(target)) target = this.targets.get(target);
    return this.byId.get(target ?? id);
  }

  /** Keeps a pattern as it is. */
  restore(group: Group): void {
    this.byId.set(group.id, group);
    const bucket = this.byFrame.get(group.frame);
    if (bucket === undefined) this.byFrame.set(group.frame, [group]);
    else bucket.push(group);
  }

  /** Keeps a pattern that no other covers, and answers it or what it became together with its kin. */
  insert(group: Group): Group {
    const { count, seen } = group;
    let current = this.byId.has(group.id) ? { ...groupOf(group), count, seen } : group;
    this.targets.delete(current.id);
    this.restore(current);
    for (let kin = this.kinOf(current); kin.length > 0; kin = this.kinOf(current)) current = this.join(kin, current);
    if (this.byId.size > this.limit) this.forgetOldest();
    return current;
  }

  /** Adds one pattern to another that covers it. */
  absorb(group: Group, special: Group): void {
    group.count += special.count;
    group.seen = Math.max(group.seen, special.seen);
    if (!this.byId.has(special.id)) this.redirect(special.id, group.id);
  }

  /** The ids that became part of a pattern, as far as they are remembered. */
  redirects(): Redirects {
    return [...this.targets];
  }

  /** Takes over what another knew, where it leads to a pattern. */
  addRedirects(redirects: Redirects): void {
    for (const [from, to] of redirects.toReversed()) {
      const target = this.resolve(to);
      if (target !== undefined && this.resolve(from) === undefined) this.redirect(from, target.id);
    }
  }

  private kinOf(group: Group): readonly Group[] {
    return findKin(group, this.byFrame.get(group.frame) ?? []);
  }

  /** One pattern in place of the one that came up first. */
  private join(kin: readonly Group[], group: Group): Group {
    const bucket = this.byFrame.get(group.frame) ?? [];
    const [oldest = group, ...others] = bucket.filter((one) => one === group || kin.includes(one));
    const { count, seen } = oldest;
    const joined = { ...groupOf(generalize(oldest, others), oldest.id), count, seen };
    for (const other of others) {
      this.byId.delete(other.id);
      this.absorb(joined, other);
    }
    this.byId.set(joined.id, joined);
    this.byFrame.set(
      group.frame,
      bucket.filter((one) => !others.includes(one)).map((one) => (one === oldest ? joined : one)),
    );
    this.changes += 1;
    return joined;
  }

  private redirect(from: string, to: string): void {
    this.targets.set(from, to);
    const [oldest] = this.targets.keys();
    if (this.targets.size > 2 * this.limit && oldest !== undefined) this.targets.delete(oldest);
  }

  private forgetOldest(): void {
    const count = Math.max(this.byId.size - this.limit, Math.ceil(this.limit / 16));
    const oldest = this.all().toSorted((one, other) => one.seen - other.seen);
    const forgotten = new Set(oldest.slice(0, count));
    for (const { id } of forgotten) this.byId.delete(id);
    for (const frame of new Set([...forgotten].map((one) => one.frame))) {
      const rest = (this.byFrame.get(frame) ?? []).filter((one) => !forgotten.has(one));
      if (rest.length > 0) this.byFrame.set(frame, rest);
      else this.byFrame.delete(frame);
    }
    this.changes += 1;
  }
}
