import { isTrouble } from '../core/log-record.ts';
import type { Observation } from '../core/signal.ts';
import type { LogsView } from '../core/views/logs.ts';

/**
 * Whether something seen may change a judgement. Of a log it is a bucket that ended, one more line of trouble, the first line of a pod in the bucket under way
 * (it may have been silent), and who can be heard; all other lines are judged when their bucket ends.
 */
export function isNews(seen: Observation, before: Observation | undefined): boolean {
  if (seen.kind !== 'logs' || before?.kind !== 'logs') return true;
  const [now, then] = [seen.object, before.object];
  return now.bucketAt !== then.bucketAt || tellOf(now) !== tellOf(then);
}

function tellOf({ patterns, linesOf, unheard = [] }: LogsView): string {
  const trouble = patterns.filter(({ level }) => isTrouble(level)).reduce((sum, { count }) => sum + count, 0);
  const speaking = Object.values(linesOf).filter(([newest = 0]) => newest > 0).length;
  return [trouble, speaking, ...unheard].join(' ');
}
