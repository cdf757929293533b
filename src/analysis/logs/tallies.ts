import type { LogPattern } from '../../core/log-pattern.ts';
import { isTrouble, type LogRecord } from '../../core/log-record.ts';
import type { Miner } from './miner.ts';
import { Tally, type TallyOptions } from './tally.ts';

/** Patterns that are counted. */
const most = 1_000;

/** Patterns that are told. */
const told = 200;

/** Patterns of which numbers are followed, and how often one must have been said for it. */
const followed = { patterns: 200, count: 5 } as const;

/** Marks lines of a pattern that went wrong; those that went well count apart. */
const wrong = '!';

/** How often each pattern was said. Bounded, whatever comes: what was said once or long ago makes room for what is new, and errors stay longest. */
export class Tallies {
  private readonly tallies = new Map<string, Tally>();
  private readonly options: TallyOptions;
  private following = 0;

  constructor(options: TallyOptions) {
    this.options = options;
  }

  add(id: string, pod: string, record: LogRecord): void {
    const tally = this.tallyOf(isTrouble(record.level) ? id + wrong : id);
    tally.add(pod, record);
    if (tally.count !== followed.count || this.following === followed.patterns || tally.followsNumbers) return;
    tally.follow();
    this.following += 1;
  }

  /** What was last said before this, epoch milliseconds. */
  forget(before: number): void {
    for (const [key, { lastAt }] of this.tallies) if (lastAt < before) this.delete(key);
  }

  /** Those that tell most, trouble first, by what the miner knows of them by now. */
  patterns(now: number, miner: Pick<Miner, 'resolve'>): readonly LogPattern[] {
    this.unite(miner);
    return [...this.tallies]
      .toSorted(([, a], [, b]) => rank(a) - rank(b) || b.count - a.count)
      .slice(0, told)
      .map(([key, tally]) => ({ id: key, ...tally.pattern(now, miner.resolve(idOf(key))?.template) }));
  }

  /** What the miner has found to be one pattern is counted as one. */
  private unite(miner: Pick<Miner, 'resolve'>): void {
    for (const [key, tally] of this.tallies) {
      const id = idOf(key);
      const target = (miner.resolve(id)?.id ?? id) + key.slice(id.length);
      if (target === key) continue;
      const known = this.tallies.get(target);
      this.tallies.set(target, known ?? tally);
      if (known !== undefined) this.join(known, tally);
      this.tallies.delete(key);
    }
  }

  private join(tally: Tally, other: Tally): void {
    if (tally.followsNumbers && other.followsNumbers) this.following -= 1;
    tally.absorb(other);
  }

  private tallyOf(key: string): Tally {
    const known = this.tallies.get(key);
    if (known !== undefined) return known;
    if (this.tallies.size >= most) this.makeRoom();
    const tally = new Tally(this.options);
    this.tallies.set(key, tally);
    return tally;
  }

  private makeRoom(): void {
    const ordered = [...this.tallies].toSorted(([, a], [, b]) => worth(a) - worth(b) || a.lastAt - b.lastAt);
    for (const [key] of ordered.slice(0, most >> 3)) this.delete(key);
  }

  private delete(key: string): void {
    if (this.tallies.get(key)?.followsNumbers === true) this.following -= 1;
    this.tallies.delete(key);
  }
}

function idOf(key: string): string {
  return key.endsWith(wrong) ? key.slice(0, -wrong.length) : key;
}

/** Trouble is told first. */
function rank({ level }: Tally): number {
  return isTrouble(level) ? 0 : 1;
}

function worth(tally: Tally): number {
  return (rank(tally) === 0 ? 2 : 0) + Number(tally.count > 1);
}
