import { readArray, readString } from '../../src/core/json.ts';
import { findDuplicateActionIds } from './block-kit/check.ts';

/** Something a real workspace would punish or people would be hurt by. */
export type ViolationKind =
  | 'unacked'
  | 'bad-ack'
  | 'missing-text'
  | 'over-limit'
  | 'rate-limited'
  | 'invalid-blocks'
  | 'duplicate-action-id'
  | 'secret'
  | 'missing-scope'
  | 'unknown-method';

export interface Violation {
  readonly kind: ViolationKind;
  readonly detail: string;
}

/** Written apart from the app's own redaction on purpose: the judge must not share the accused's blind spots. */
const secretShapes: readonly RegExp[] = [
  /xox[a-z]-[A-Za-z0-9-]{8,}/,
  /xapp-[A-Za-z0-9-]{8,}/,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/,
  /\bsk-[A-Za-z0-9_-]{20,}/,
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]+:(?!\[redacted[\]:])[^\s/@]{3,}@/,
];

export class Violations {
  readonly #list: Violation[] = [];

  get list(): readonly Violation[] {
    return this.#list;
  }

  add(kind: ViolationKind, detail: string): void {
    this.#list.push({ kind, detail });
  }

  /** Judges what the app made visible: a message, a view, a file. */
  inspect(where: string, content: Visible): void {
    const shape = secretShapes.find((candidate) => candidate.test(JSON.stringify(content)));
    if (shape !== undefined) this.add('secret', `${where} shows something shaped like ${shape.source}`);
    for (const block of readArray(content.blocks)) this.#inspectBlock(where, block);
  }

  inspectFallback(where: string, content: Visible): void {
    const hasBlocks = readArray(content.blocks).length > 0 || readArray(content.attachments).length > 0;
    if (hasBlocks && (content.text ?? '').trim() === '') this.add('missing-text', `${where} has blocks but no text`);
  }

  #inspectBlock(where: string, block: unknown): void {
    for (const id of findDuplicateActionIds(block)) {
      this.add('duplicate-action-id', `${where}: ${id} twice in block ${readString(block, 'block_id') ?? '?'}`);
    }
  }
}

export interface Visible {
  readonly text?: string | undefined;
  readonly blocks?: unknown;
  readonly attachments?: unknown;
  readonly metadata?: unknown;
}
