interface Paging {
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

const defaultLimit = 100;

/** One page of a list under `name`, with Slack's cursor. */
export function showPage(name: string, items: readonly unknown[], paging: Paging) {
  const start = paging.cursor === undefined || paging.cursor === '' ? 0 : Number(atob(paging.cursor));
  const end = start + (paging.limit ?? defaultLimit);
  const next = end < items.length ? btoa(String(end)) : '';
  return { [name]: items.slice(start, end), response_metadata: { next_cursor: next } };
}
