import type { z } from 'zod';
import type { Evidence } from '../../core/evidence.ts';
import type { Draft } from '../../core/explanation.ts';
import type { Json } from '../../core/json.ts';
import { type ResourceRef, refKey } from '../../core/resource-ref.ts';
import { supportOf } from './support.ts';

/** An action that a model may propose; the catalogue of the operations fits. */
export interface Offer {
  readonly id: string;
  readonly title: string;
  readonly params: z.ZodType;
}

/** A proposal that names an action of the catalogue and an object of this incident; what becomes of it, the operations decide. */
export interface CheckedProposal {
  readonly actionId: string;
  readonly params: { readonly [name: string]: Json };
  readonly reason: string;
}

interface Bounds {
  readonly catalogue: readonly Offer[];
  readonly objects: readonly ResourceRef[];
  /** All that the proposal cites. */
  readonly cited: readonly Evidence[];
  readonly subject: ResourceRef;
}

/** The proposal as the operations take it; undefined where it names what is not offered. Its reason is checked by whoever asks. */
export function bindProposal(
  { action, target, params, reason }: Draft['proposals'][number],
  { catalogue, objects, cited, subject }: Bounds,
): CheckedProposal | undefined {
  const offer = catalogue.find(({ id }) => id === action);
  const object = objects.find((ref) => refKey(ref) === target.trim());
  if (offer === undefined || object === undefined) return undefined;
  if (params.some(({ name, value }) => name === 'target' || !isSafe(value, cited, subject))) return undefined;
  const { kind, namespace, name } = object;
  const given = Object.fromEntries(params.map((one) => [one.name, one.value]));
  const bound = { ...given, target: { kind, namespace, name } };
  return offer.params.safeParse(bound).success ? { actionId: offer.id, params: bound, reason } : undefined;
}

/**
 * Amounts are bounded by the guardrails and shown to people. Texts (an image, a container) must have come from what we or Kubernetes know, never from what a
 * program wrote or another system thinks: whoever can write a log could otherwise choose the image that is offered.
 */
function isSafe(value: string, cited: readonly Evidence[], subject: ResourceRef): boolean {
  if (/^[+-]?\d+(?:\.\d+)?[A-Za-z%]{0,3}$/.test(value)) return true;
  const sound = cited.filter(({ kind }) => kind === 'change' || kind === 'status');
  const sources = cited.map((one) => ({ ...one, text: '', kind: 'status' as const }));
  return supportOf([...sound, ...sources], subject).states(value);
}
