import type { RbacRule } from '../../core/action.ts';
import { readPath } from '../../core/json.ts';
import type { HttpClient } from './http-client.ts';
import { missingRight } from './rights.ts';

export interface AccessRequest {
  /** `resource` may name a subresource: `pods/log`. */
  readonly rules: readonly RbacRule[];
  /** Namespaces to ask about; absent asks for the whole cluster. */
  readonly namespaces?: readonly string[];
}

/**
 * Asks the API server what Lifeguard may do (SelfSubjectAccessReview, which everyone may). Answers a sentence for each resource and
 * namespace where rights are missing; empty where nothing is. Throws `cluster-*` errors.
 */
export async function checkAccess(http: HttpClient, { rules, namespaces }: AccessRequest): Promise<readonly string[]> {
  const places = namespaces ?? [undefined];
  const checks = places.flatMap((namespace) => mergeRules(rules).map((rule) => missingVerbs(http, rule, namespace)));
  const sentences = await Promise.all(checks);
  return sentences.filter((sentence) => sentence !== undefined);
}

async function missingVerbs(
  http: HttpClient,
  rule: RbacRule,
  namespace: string | undefined,
): Promise<string | undefined> {
  const answers = await Promise.all(
    rule.verbs.map(async (verb) => ({ verb, allowed: await isAllowed(http, { rule, verb, namespace }) })),
  );
  const verbs = answers.filter(({ allowed }) => !allowed).map(({ verb }) => verb);
  if (verbs.length === 0) return undefined;
  return missingRight({ user: undefined, verbs, resource: rule.resource, apiGroup: rule.apiGroup, namespace });
}

interface Question {
  readonly rule: RbacRule;
  readonly verb: string;
  readonly namespace: string | undefined;
}

async function isAllowed(http: HttpClient, { rule, verb, namespace }: Question): Promise<boolean> {
  const [resource, subresource] = rule.resource.split('/');
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: { group: rule.apiGroup, resource, subresource, verb, namespace } },
  };
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  const answer = await http.json({ method: 'POST', path, body: JSON.stringify(review) });
  return readPath(answer, 'status', 'allowed') === true;
}

/** One rule for each resource, each verb once: actions and sources ask for overlapping rights. */
function mergeRules(rules: readonly RbacRule[]): readonly RbacRule[] {
  const merged = new Map<string, RbacRule>();
  for (const rule of rules) {
    const key = `${rule.apiGroup}/${rule.resource}`;
    const verbs = new Set([...(merged.get(key)?.verbs ?? []), ...rule.verbs]);
    merged.set(key, { ...rule, verbs: [...verbs] });
  }
  return [...merged.values()];
}
