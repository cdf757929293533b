import type { Labels } from './views/object.ts';

/** Whether a selector of equalities matches; one that is absent or empty matches nothing here. */
export function selects(selector: Labels | undefined, labels: Labels | undefined): boolean {
  const wanted = Object.entries(selector ?? {});
  return wanted.length > 0 && wanted.every(([name, value]) => labels?.[name] === value);
}
