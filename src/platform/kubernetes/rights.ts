const forbidden =
  /User "([^"]*)" cannot (\S+) resource "([^"]*)" in API group "([^"]*)"(?: in the namespace "([^"]*)")?/;

/** The sentence for a `Status` message of the authoriser; undefined for any other reason (admission, quota). */
export function missingRightOfMessage(message: string): string | undefined {
  const [, user, verb, resource, apiGroup, namespace] = forbidden.exec(message) ?? [];
  if (user === undefined || verb === undefined || resource === undefined) return undefined;
  return missingRight({ user, verbs: [verb], resource, apiGroup: apiGroup ?? '', namespace });
}

export interface MissingRight {
  /** The Kubernetes user, where known. */
  readonly user: string | undefined;
  readonly verbs: readonly string[];
  readonly resource: string;
  readonly apiGroup: string;
  /** Undefined: the whole cluster. */
  readonly namespace: string | undefined;
  /** Only these objects, where any are named. */
  readonly names?: readonly string[];
}

/** One sentence: what is not allowed, where, and which rule to add to which role. */
export function missingRight({ user, verbs, resource, apiGroup, namespace, names = [] }: MissingRight): string {
  const where = namespace === undefined ? 'in the whole cluster' : `in namespace ${namespace}`;
  const role = namespace === undefined ? 'ClusterRole' : `Role of namespace ${namespace}`;
  const only = names.length === 0 ? '' : `, resourceNames ${list(names)}`;
  const rule = `apiGroups ["${apiGroup}"], resources ["${resource}"], verbs ${list(verbs)}${only}`;
  const what = [resource, names.join(', ')].join(' ').trim();
  return `Lifeguard may not ${verbs.join(', ')} ${what} ${where}; add ${rule} to the ${role} bound to ${user ?? 'its service account'}.`;
}

function list(words: readonly string[]): string {
  return `[${words.map((word) => `"${word}"`).join(', ')}]`;
}
