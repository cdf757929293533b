import { z } from 'zod';
import type { Refusal } from '../../core/action.ts';
import { parseQuantity } from '../../core/quantity.ts';

/** A quantity of Kubernetes (`512Mi`, `250m`), or how much more or less than now (`+50%`, `-10%`). */
export const Amount = z
  .string()
  .max(32)
  .refine(
    (text) => relative.test(text) || (parseQuantity(text) ?? 0) > 0,
    'a quantity such as 512Mi or 250m, or a change such as +50%',
  );

export const resources = ['cpu', 'memory'] as const;
export type Resource = (typeof resources)[number];

const relative = /^([+-])(\d{1,3})%$/;

/** Steps in which results are given: whole MiB, and hundredths of a core. */
const steps: Readonly<Record<Resource | 'storage', number>> = { memory: 2 ** 20, storage: 2 ** 20, cpu: 0.01 };

/** The amount as Kubernetes writes it; relative ones from `now` (as Kubernetes writes it), rounded up. */
export function resolveAmount(text: string, now: string | undefined, resource: Resource | 'storage'): string | Refusal {
  const match = relative.exec(text);
  if (match === null) return text;
  const present = now === undefined ? undefined : parseQuantity(now);
  if (present === undefined)
    return { refused: `It has no limit of ${resource} now, so ${text} says nothing; give a quantity.` };
  const factor = 1 + (match[1] === '-' ? -1 : 1) * (Number(match[2]) / 100);
  const count = Math.ceil((present * factor) / steps[resource] - 1e-9);
  if (count < 1) return { refused: `${text} of ${now} leaves nothing.` };
  return resource === 'cpu' ? `${count * 10}m` : formatMebibytes(count);
}

function formatMebibytes(count: number): string {
  return count % 1024 === 0 ? `${count / 1024}Gi` : `${count}Mi`;
}
