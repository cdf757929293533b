import type { Flaw } from './answer.ts';

/** What the scripted model does with one request. */
export type Behavior =
  /** Answers from the evidence, with something wrong in it or not. */
  | { readonly kind: 'evidence'; readonly flaw?: Flaw; readonly wrapped?: 'prose' | 'fence' | 'thoughts' }
  /** Says this, as a text of its own; `length`: and is cut off there. */
  | { readonly kind: 'says'; readonly text: string; readonly ended?: 'stop' | 'length' }
  /** Calls a tool with these arguments, JSON or not. */
  | { readonly kind: 'calls'; readonly tool: string; readonly args: string }
  | { readonly kind: 'declines' }
  /** Fails with this status. */
  | { readonly kind: 'fails'; readonly status: number; readonly code?: string; readonly retryAfter?: string }
  /** Never answers. */
  | { readonly kind: 'hangs' }
  /** Answers with so many megabytes of words. */
  | { readonly kind: 'floods'; readonly megabytes: number }
  /** Answers with what is not of the protocol. */
  | { readonly kind: 'garbles' }
  /** Breaks the connection, streamed answers in the middle. */
  | { readonly kind: 'breaks' };

/** Which forms of request the server takes; what it does not is refused as such servers do it. */
export interface Abilities {
  jsonSchema: boolean;
  /** A `json_object` with a schema beside it. */
  schemaObject: boolean;
  jsonObject: boolean;
  tools: boolean;
}
