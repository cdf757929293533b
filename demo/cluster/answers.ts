import type { StatusBody } from './failure.ts';
import type { Stored } from './stored.ts';

/** A whole answer. */
export interface Answer {
  readonly code: number;
  readonly body: string;
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function textAnswer(code: number, body: string): Answer {
  return { code, body, contentType: 'text/plain' };
}

export function jsonAnswer(code: number, body: object | string): Answer {
  return { code, body: typeof body === 'string' ? body : JSON.stringify(body), contentType: 'application/json' };
}

export function objectAnswer(code: number, stored: Stored): Answer {
  return jsonAnswer(code, stored.text());
}

export function failureAnswer(body: StatusBody, headers: Readonly<Record<string, string>> = {}): Answer {
  return { ...jsonAnswer(body.code, body), headers };
}
