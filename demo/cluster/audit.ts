import { readString } from '../../src/core/json.ts';
import { type ApiRequest, contentTypeOf, parseTarget, verbOf } from './request.ts';

/** One request, as an audit log has it. */
export interface AuditEntry {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly user: string;
  /** Whom that user acted as. */
  readonly impersonated: string | undefined;
  /** As access rules name it: get, list, watch, create, update, patch, delete. */
  readonly verb: string;
  readonly path: string;
  /** HTTP status; 0 where no answer was given. */
  readonly code: number;
  /** Of the request's body; empty where there is none. */
  readonly contentType: string;
  readonly dryRun: boolean;
}

export interface Audit {
  /** Notes a request; the answer's status is told later. */
  begin(request: ApiRequest): (code: number) => void;
  entries(): readonly AuditEntry[];
}

const mostEntries = 100_000;

export function createAudit(): Audit {
  let entries: AuditEntry[] = [];
  return {
    begin(request) {
      const { user, path } = request;
      const impersonated = readString(request.headers, 'impersonate-user');
      const entry = {
        time: Date.now(),
        user,
        impersonated,
        verb: verbOf(request, parseTarget(path)),
        path,
        code: 0,
        contentType: request.body === '' ? '' : contentTypeOf(request),
        dryRun: request.query.has('dryRun'),
      };
      if (entries.length >= mostEntries) entries = entries.slice(mostEntries / 2);
      entries.push(entry);
      return (code) => {
        entry.code = code;
      };
    },
    entries: () => entries.map((entry) => ({ ...entry })),
  };
}
