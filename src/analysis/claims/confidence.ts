import type { Evidence } from '../../core/evidence.ts';
import type { Confidence } from '../../core/explanation.ts';

/** What a piece of evidence can prove of a cause, the strongest first. */
const strengths = ['explicit', 'change', 'coincidence', 'none'] as const;
export type Strength = (typeof strengths)[number];

/** A change counts as made right before the trouble for so long, milliseconds: longer than a rollout's progress deadline (10 min by default). */
const rightBeforeMs = 15 * 60_000;

/** Something says what went wrong, in so many words. */
const failure =
  /\b(?:errors?|exceptions?|fatal|panic|refused|denied|timed\s?out|timeout|unreachable|unavailable|not found|no such|cannot|can't|could not|couldn't|unable|fail(?:ed|s|ure|ures)?|OOM\w*|out of memory|exceeded|exhausted|expired|invalid|unauthori[sz]ed|forbidden|traceback|segmentation fault|killed|rejected|missing|no space|read-only file system|back-?off|unhealthy|conflict|x509)\b|\w(?:Error|Exception)\b|\b(?:E(?:CONN|NOTFOUND|HOST|TIMEDOUT|ADDRINUSE|ACCES|NOENT)\w*)\b/i;

/** Says that nothing went wrong. */
const unharmed =
  /\b(?:no|0|zero|without(?: any)?)\s+(?:\w+\s)?(?:errors?|exceptions?|failures?|timeouts?)\b|\b(?:errors?|failed|failures?)\s?[=:]\s?0\b/gi;

/**
 * `explicit`: a log, a pattern, an Event or a state that names a failure. `change`: something was changed right before the trouble began (`since`,
 * epoch milliseconds). `coincidence`: everything else that was observed. `none`: an opinion.
 */
function strengthOf({ kind, text, at }: Evidence, since: number): Strength {
  if (kind === 'opinion') return 'none';
  if (kind === 'change') return isRightBefore(at, since) ? 'change' : 'coincidence';
  return telling.has(kind) && failure.test(text.replace(unharmed, ' ')) ? 'explicit' : 'coincidence';
}

/** Kinds that say in words what happened. */
const telling: ReadonlySet<Evidence['kind']> = new Set(['log', 'pattern', 'event', 'status']);

function isRightBefore(at: number | undefined, since: number): boolean {
  return at !== undefined && at <= since && since - at <= rightBeforeMs;
}

export function strongest(evidence: readonly Evidence[], since: number): Strength {
  const found = new Set(evidence.map((one) => strengthOf(one, since)));
  return strengths.find((strength) => found.has(strength)) ?? 'none';
}

/**
 * How far what is cited carries; nobody is asked for it:
 *
 * | the strongest that is cited | confidence |
 * |---|---|
 * | a failure in so many words | high |
 * | a change right before it began | medium |
 * | only that it happened at the same time | low |
 * | opinions, or nothing | outside |
 */
export function confidenceOf(cited: readonly Evidence[], since: number): Confidence {
  const levels = { explicit: 'high', change: 'medium', coincidence: 'low', none: 'outside' } as const;
  return levels[strongest(cited, since)];
}
