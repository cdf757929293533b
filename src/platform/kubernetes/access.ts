import type { RbacRule } from '../../core/action.ts';
import { readPath } from '../../core/json.ts';
import type { Access, Right } from '../../core/ports/access.ts';
import type { HttpClient } from './http-client.ts';
import { createObjects } from './objects.ts';
import { missingRight } from './rights.ts';
import { createWorkloads } from './workloads.ts';

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
  const asked = rule.verbs.flatMap((verb) => (rule.names ?? [undefined]).map((name) => ({ verb, name })));
  const answers = await Promise.all(
    asked.map(async (one) => ({ ...one, allowed: await isAllowed(http, { rule, ...one, namespace }) })),
  );
  const refused = answers.filter(({ allowed }) => !allowed);
  if (refused.length === 0) return undefined;
  const verbs = [...new Set(refused.map(({ verb }) => verb))];
  const names = [...new Set(refused.map(({ name }) => name))].filter((name) => name !== undefined);
  return missingRight({ user: undefined, verbs, resource: rule.resource, apiGroup: rule.apiGroup, namespace, names });
}

interface Question {
  readonly rule: RbacRule;
  readonly verb: string;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
}

async function isAllowed(http: HttpClient, { rule, verb, name, namespace }: Question): Promise<boolean> {
  return review(http, 'SelfSubjectAccessReview', {
    resourceAttributes: attributesOf({ ...rule, verb, name, namespace }),
  });
}

async function review(http: HttpClient, kind: string, spec: object): Promise<boolean> {
  const path = `/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`;
  const body = JSON.stringify({ apiVersion: 'authorization.k8s.io/v1', kind, spec });
  return readPath(await http.json({ method: 'POST', path, body }), 'status', 'allowed') === true;
}

interface Attributes {
  readonly apiGroup: string;
  readonly resource: string;
  readonly verb: string;
  readonly namespace: string | undefined;
  readonly name?: string | undefined;
}

function attributesOf({ apiGroup, resource: path, verb, namespace, name }: Attributes): object {
  const [resource, subresource] = path.split('/');
  return { group: apiGroup, resource, subresource, verb, namespace, name };
}

/** The API server adds it to everybody who is impersonated, but not to whom a review asks about. */
const everybody = 'system:authenticated';

export function createAccess(http: HttpClient): Access {
  return {
    async missing({ user, groups }, rights) {
      const held = await Promise.all(
        rights.map((right: Right) => {
          const spec = { user, groups: [...groups, everybody], resourceAttributes: attributesOf(right) };
          return review(http, 'SubjectAccessReview', spec);
        }),
      );
      return rights.filter((_, index) => held[index] !== true);
    },
    as(identity) {
      const writer = http.as(identity);
      return { workloads: createWorkloads(http, writer), objects: createObjects(http, writer) };
    },
  };
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
