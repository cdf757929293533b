const remembered = 1_000;

/** True the first time it sees an id, of the latest thousand: Slack sends an event again when it thinks nobody took it. */
export function createOnce(): (id: string) => boolean {
  const seen = new Set<string>();
  return (id) => {
    if (seen.has(id)) return false;
    seen.add(id);
    const [oldest] = seen;
    if (seen.size > remembered && oldest !== undefined) seen.delete(oldest);
    return true;
  };
}
