import { z } from 'zod';
import type { Alert } from './alert.ts';
import { isRedacted } from './secrets/placeholder.ts';

/** A condition on one label; a silence covers the alerts that meet all of its matchers. */
export const Matcher = z.object({
  name: z.string(),
  value: z.string(),
  /** True: `value` is a regular expression that the whole label must match. */
  isRegex: z.boolean(),
});
export type Matcher = Readonly<z.infer<typeof Matcher>>;

/** What Alertmanager says of a silence. */
export interface Silence {
  readonly id: string;
  /** Pending: it begins later, by Alertmanager's clock. Expired ones are kept for days. */
  readonly state: 'pending' | 'active' | 'expired';
  readonly comment: string;
}

/** Values of a label that are named one by one at most. */
const mostValues = 50;

/**
 * Matchers that cover these alerts and as little else as labels can tell: what they have in common by its value, what differs by the list of
 * values. Undefined where a label was cut or masked when it was stored, because it would match nothing, or too much without it.
 */
export function matchersOf(alerts: readonly Alert[]): readonly Matcher[] | undefined {
  const names = new Set(alerts.flatMap(({ labels }) => Object.keys(labels)));
  const values = [...names].map((name) => ({
    name,
    values: new Set(alerts.map(({ labels }) => labels[name] ?? '')),
  }));
  const known = values.every(({ values: all }) => all.size <= mostValues && ![...all].some(isChanged));
  return known && values.length > 0 ? values.map((one) => matcher(one.name, [...one.values])) : undefined;
}

function isChanged(value: string): boolean {
  return value.endsWith('…') || isRedacted(value);
}

function matcher(name: string, values: readonly string[]): Matcher {
  const [only = '', ...others] = values;
  if (others.length === 0) return { name, value: only, isRegex: false };
  return { name, value: values.map(escapePattern).toSorted().join('|'), isRegex: true };
}

/** For RE2, as Alertmanager has it. */
function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** `pod=~"web-1|web-2"`, as people write it for Alertmanager. */
export function describeMatcher({ name, value, isRegex }: Matcher): string {
  return `${name}${isRegex ? '=~' : '='}${JSON.stringify(value)}`;
}
