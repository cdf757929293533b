import type { Plan } from '../core/action.ts';
import { LifeguardError } from '../core/errors.ts';
import { type Actor, identityOf } from '../core/identity.ts';
import type { Hands, Right } from '../core/ports/access.ts';
import type { Proposal } from '../core/proposal.ts';
import { refKey, workloadKinds } from '../core/resource-ref.ts';
import type { Action } from './action.ts';
import type { OpsContext } from './context.ts';
import type { Claimant, Standing } from './guardrail.ts';

/** The person in whose name it is done: who decided last. Nobody where Lifeguard decided by itself. */
export function deciderOf({ decision }: Pick<Proposal, 'decision'>): Actor | undefined {
  if (decision === undefined || decision.by === 'lifeguard') return undefined;
  return { user: decision.by, groups: decision.groups };
}

/** Undefined where Lifeguard's own rights are what counts, as for all that is not written to the cluster. */
export async function readStanding(
  { actor, does }: Claimant,
  { action, plan }: { readonly action: Action; readonly plan: Plan },
  { impersonation }: OpsContext,
): Promise<Standing | undefined> {
  if (impersonation === undefined || action.elsewhere !== undefined) return undefined;
  const identity = identityOf(actor, impersonation.identities);
  if (identity === 'lifeguard') return undefined;
  if (identity === 'denied') return { does, identity: undefined, missing: [] };
  const needed = rightsFor(action, plan);
  if (needed.length === 0)
    throw new LifeguardError(`${action.id} does not say what it takes`, { code: 'action-invalid', retry: 'permanent' });
  return { does, identity, missing: await impersonation.access.missing(identity, needed) };
}

/** The context in which what is written is written as that person; the same one where Lifeguard writes with its own rights. */
export function actAs(actor: Actor | undefined, context: OpsContext): OpsContext {
  const { impersonation } = context;
  if (actor === undefined || impersonation === undefined) return context;
  const identity = identityOf(actor, impersonation.identities);
  if (identity === 'lifeguard') return context;
  return { ...context, ...(identity === 'denied' ? tied(context) : impersonation.access.as(identity)) };
}

/** Hands that write nothing: whoever decided has been taken out of the configuration since. */
function tied({ workloads, objects }: OpsContext): Hands {
  const refuse = (): Promise<never> =>
    Promise.reject(
      new LifeguardError('Who decided this has no Kubernetes identity (kubernetes.identities), so it is not done.', {
        code: 'cluster-forbidden',
        retry: 'permanent',
      }),
    );
  return {
    workloads: { ...workloads, patch: refuse, deletePod: refuse },
    objects: { ...objects, patch: refuse, create: refuse, remove: refuse, evict: refuse },
  };
}

const reading = new Set(['get', 'list', 'watch']);

/** So many objects are asked about by name; of more, whether all of their namespace may be written to. */
const named = 20;

/** What doing it takes in Kubernetes: each right to write that the action declares, for the target and for the other objects that it writes to. */
export function rightsFor({ rbac }: Pick<Action, 'rbac'>, { target, objects = [target] }: Plan): readonly Right[] {
  const written = [...new Map([target, ...objects].map((ref) => [refKey(ref), ref])).values()];
  const namespaces = [...new Set(objects.map(({ namespace }) => namespace))];
  return rbac.flatMap(({ apiGroup, resource, verbs }) => {
    const [plural = '', part] = resource.split('/');
    const own = written.filter(({ kind }) => pluralOf(kind) === plural);
    // Actions on workloads declare their rights for every kind of them.
    if (own.length === 0 && workloadKinds.some((kind) => pluralOf(kind) === plural)) return [];
    return verbs
      .filter((verb) => !reading.has(verb))
      .flatMap((verb) => {
        // What is to be made has no name yet.
        const isNamed = own.length > 0 && own.length <= named && (verb !== 'create' || part !== undefined);
        const places: readonly Pick<Right, 'namespace' | 'name'>[] = isNamed
          ? own.map(({ namespace, name }) => ({ namespace, name }))
          : namespaces.map((namespace) => ({ namespace, name: undefined }));
        return places.map(({ namespace, name }) => ({ apiGroup, resource, verb, namespace, name }));
      });
  });
}

function pluralOf(kind: string): string {
  return `${kind.toLowerCase()}s`;
}
