import type { Refusal, Risk } from '../../core/action.ts';
import { readObject, readString } from '../../core/json.ts';
import { parseQuantity } from '../../core/quantity.ts';
import { type Resource, resolveAmount, resources } from './amount.ts';

/** What a container asks for and may take, as Kubernetes writes it. */
export interface Share {
  readonly limit?: string;
  readonly request?: string;
}

export type Shares = Readonly<Record<Resource, Share>>;

/** Reads a container's `resources`. */
export function readShares(raw: unknown): Shares {
  const read = (resource: Resource): Share =>
    shareOf(readString(raw, 'limits', resource), readString(raw, 'requests', resource));
  return { cpu: read('cpu'), memory: read('memory') };
}

/** `raw` with these shares; what else it says (claims, other resources) stays. */
export function writeShares(raw: unknown, shares: Shares): object {
  const part = (kind: keyof Share, field: 'limits' | 'requests') => {
    const named = resources.flatMap((resource) => {
      const amount = shares[resource][kind];
      return amount === undefined ? [] : [[resource, amount] as const];
    });
    const whole = { ...readObject(raw, field), ...Object.fromEntries(named) };
    return Object.keys(whole).length === 0 ? {} : { [field]: whole };
  };
  return { ...readObject(raw), ...part('limit', 'limits'), ...part('request', 'requests') };
}

/** Amounts as `Amount` describes them. */
export interface Wanted {
  readonly limit?: string | undefined;
  readonly request?: string | undefined;
}

/** A request that was as high as its limit stays so (the pod keeps its quality of service), and none is above its limit. */
export function changeShare(resource: Resource, now: Share, wanted: Wanted): Share | Refusal {
  const limit = wanted.limit === undefined ? now.limit : resolveAmount(wanted.limit, now.limit, resource);
  if (typeof limit === 'object') return limit;
  const kept = now.request !== undefined && now.request === now.limit ? limit : now.request;
  const request = wanted.request === undefined ? kept : resolveAmount(wanted.request, now.request, resource);
  if (typeof request === 'object') return request;
  if (limit !== undefined && amountOf(request ?? '') > amountOf(limit)) {
    return { refused: `The request of ${resource} (${request}) would be above its limit (${limit}).` };
  }
  return shareOf(limit, request);
}

function shareOf(limit: string | undefined, request: string | undefined): Share {
  return { ...(limit === undefined ? {} : { limit }), ...(request === undefined ? {} : { request }) };
}

interface Step {
  readonly name: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

function stepsBetween(before: Shares, after: Shares): readonly Step[] {
  return resources
    .flatMap((resource) =>
      (['limit', 'request'] as const).map((kind) => ({
        name: `${kind} of ${resource}`,
        from: before[resource][kind],
        to: after[resource][kind],
      })),
    )
    .filter(({ from, to }) => from !== to);
}

/** `limit of memory 64Mi -> 96Mi, request of cpu none -> 100m`; empty where nothing changes. */
export function describeShares(before: Shares, after: Shares): string {
  return stepsBetween(before, after)
    .map(({ name, from = 'none', to = 'none' }) => `${name} ${from} -> ${to}`)
    .join(', ');
}

/** Up to twice as much is what a careful person would try; less may starve it, and much more may starve others. */
export function riskOfShares(before: Shares, after: Shares): Risk {
  const careful = stepsBetween(before, after).every(({ from, to }) => {
    if (from === undefined || to === undefined) return false;
    const factor = amountOf(to) / amountOf(from);
    return factor >= 1 && factor <= 2;
  });
  return careful ? 'low' : 'medium';
}

/** Where a container requests nothing, Kubernetes takes its limit for it. */
export function changedRequests(before: Shares, after: Shares): Resource[] {
  const requested = ({ limit, request }: Share): number => amountOf(request ?? limit ?? '');
  return resources.filter((resource) => requested(before[resource]) !== requested(after[resource]));
}

/** The most that a container of this may take or reserve; cores or bytes. */
export function mostOf({ limit = '0', request = '0' }: Share): number {
  return Math.max(amountOf(limit), amountOf(request));
}

function amountOf(text: string): number {
  return parseQuantity(text) ?? 0;
}
