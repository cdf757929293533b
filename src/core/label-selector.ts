import { isJsonObject, readArray, readObject, readString } from './json.ts';
import type { Labels } from './views/object.ts';

/** Whether a selector of equalities matches; one that is absent or empty matches nothing here. */
export function selects(selector: Labels | undefined, labels: Labels | undefined): boolean {
  const wanted = Object.entries(selector ?? {});
  return wanted.length > 0 && wanted.every(([name, value]) => labels?.[name] === value);
}

/** A LabelSelector as the API has it, with expressions. An empty one matches everything, an absent one nothing. An operator that is not known matches. */
export function matchesSelector(selector: unknown, labels: Labels): boolean {
  if (!isJsonObject(selector)) return false;
  const equal = Object.entries(readObject(selector, 'matchLabels')).every(([name, value]) => labels[name] === value);
  return equal && readArray(selector, 'matchExpressions').every((expression) => holds(expression, labels));
}

function holds(expression: unknown, labels: Labels): boolean {
  const value = labels[readString(expression, 'key') ?? ''];
  const isListed = value !== undefined && readArray(expression, 'values').includes(value);
  switch (readString(expression, 'operator')) {
    case 'In':
      return isListed;
    case 'NotIn':
      return !isListed;
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return true;
  }
}
