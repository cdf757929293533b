/** How a piece of queued work ended: finished, or to be looked at again after `againInMs` milliseconds. */
export type Outcome = { readonly done: true } | { readonly againInMs: number };

export const done: Outcome = { done: true };
