import { badRequest, invalidOptions, tooLargeVersion } from './failure.ts';

/** What of a list is wanted, and as of when. */
export interface ListOptions {
  /** 0: everything at once. */
  readonly limit: number;
  /** Undefined: the newest. */
  readonly exactly: number | undefined;
}

/** Throws what the API server answers to options that make no sense, or that ask for what is yet to come. */
export function parseListOptions(query: URLSearchParams, newest: number): ListOptions {
  const version = parseVersion(query);
  if (version !== undefined && version > newest) throw tooLargeVersion(version, newest);
  const match = query.get('resourceVersionMatch') ?? '';
  if (match !== '' && version === undefined) {
    throw invalidOptions('ListOptions', {
      reason: 'FieldValueForbidden',
      message: 'Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
      field: 'resourceVersionMatch',
    });
  }
  return {
    limit: Math.max(0, parseInteger(query.get('limit'))),
    exactly: match === 'Exact' ? version : undefined,
  };
}

/** The version that the query names; undefined where it names none. Throws 400 for what is not a version. */
export function parseVersion(query: URLSearchParams): number | undefined {
  const text = query.get('resourceVersion') ?? '';
  if (text === '') return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  throw badRequest(
    `invalid resource version: resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`,
  );
}

/** 0 where nothing is given. */
function parseInteger(text: string | null): number {
  if (text === null || text === '') return 0;
  if (/^-?\d+$/.test(text)) return Number(text);
  throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
}
