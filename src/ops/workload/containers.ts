import { z } from 'zod';
import type { Refusal } from '../../core/action.ts';
import { isJsonObject, type JsonObject, readArray, readObject, readString } from '../../core/json.ts';

/** As an action's parameter. */
export const ContainerName = z
  .string()
  .min(1)
  .max(63)
  .optional()
  .describe('Which container; may be left out where there is one only.');

/** A container of a pod template, found by name. */
export interface Found {
  readonly name: string;
  readonly index: number;
  readonly container: JsonObject;
}

/** The container that is meant: the named one, or the only one there is. */
export function findContainer(template: JsonObject, wanted: string | undefined): Found | Refusal {
  const all = readArray(template, 'spec', 'containers').map((one, index) => {
    const container = isJsonObject(one) ? one : {};
    return { name: readString(container, 'name') ?? '', index, container };
  });
  const names = all.map(({ name }) => name).join(', ');
  const [first, ...others] = all;
  if (first === undefined) return { refused: 'It has no container.' };
  if (wanted === undefined) {
    return others.length === 0
      ? first
      : { refused: `It has several containers (${names}); name the one that is meant.` };
  }
  return all.find(({ name }) => name === wanted) ?? { refused: `It has no container ${wanted}; it has ${names}.` };
}

/** The template with one container changed. */
export function replaceContainer(template: JsonObject, { index }: Found, container: object): JsonObject {
  const containers = readArray(template, 'spec', 'containers').map((one, at) => (at === index ? container : one));
  const json: unknown = JSON.parse(
    JSON.stringify({ ...template, spec: { ...readObject(template, 'spec'), containers } }),
  );
  return isJsonObject(json) ? json : template;
}
