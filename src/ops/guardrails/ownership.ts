import type { Plan } from '../../core/action.ts';
import { allow, needsApproval } from '../../core/verdict.ts';
import type { OwnerRef } from '../../core/views/object.ts';
import { type Guardrail, type Holder, isAutomatic } from '../guardrail.ts';

/** Somebody who declares the object elsewhere, and what they do to a change made here. */
interface Owner {
  /** `Argo CD application shop`. */
  readonly name: string;
  /** When they put back what they declare: `at its next sync`. */
  readonly when: string;
  /** True where nobody has to do anything for that. */
  readonly reverts: boolean;
  /** What does it where it lasts, as people type it. */
  readonly instead: string;
}

/** Who else decides what the object is: named, so that people change it where it lasts. */
export const ownership: Guardrail = {
  id: 'ownership',
  promise:
    'What Argo CD, Flux or an operator would put back is not changed by Lifeguard alone; people are told who owns it and how it lasts.',
  judge({ lasting, origin, holder: fact, plan: { target } }) {
    if (!lasting) return allow('It changes nothing that is declared elsewhere.');
    if ('unreadable' in fact) return needsApproval(`Who owns it cannot be read (${fact.unreadable}).`);
    const owner = fact.known === undefined ? undefined : findOwner(fact.known, target);
    if (owner === undefined) return allow('Nobody declares it elsewhere, as far as it says.');
    const sentence = `This will be reverted by ${owner.name} ${owner.when}. ${owner.instead}`;
    return owner.reverts || !isAutomatic(origin) ? needsApproval(sentence) : allow(sentence);
  },
};

function findOwner(holder: Holder, target: Plan['target']): Owner | undefined {
  return findOperator(holder.owner) ?? findArgo(holder) ?? findFlux(holder) ?? findHelm(holder, target);
}

/** Controllers of Kubernetes itself: they make objects and leave their content alone. */
const makers = ['CronJob', 'Job', 'ReplicaSet', 'Node'];

function findOperator(owner: OwnerRef | undefined): Owner | undefined {
  if (owner === undefined || makers.includes(owner.kind)) return undefined;
  const name = `${owner.kind} ${owner.name}`;
  return {
    name: `the operator of ${name}`,
    when: 'at its next reconciliation',
    reverts: true,
    instead: `Change ${name} instead.`,
  };
}

/** Argo CD's resource tracking; applications outside of its own namespace are called `namespace_name` there. */
function findArgo({ labels, annotations }: Holder): Owner | undefined {
  const application =
    annotations['argocd.argoproj.io/tracking-id']?.split(':')[0]?.replace('_', '/') ??
    labels['argocd.argoproj.io/instance'];
  if (application === undefined) return undefined;
  const words = `Change it in its repository, or stop its syncing (\`argocd app set ${application} --sync-policy none\`) and go back with \`argocd app rollback ${application}\`.`;
  return {
    name: `Argo CD application ${application}`,
    when: 'at the next sync',
    reverts: true,
    instead: offer(words, [application]),
  };
}

const fluxKinds = [
  ['Kustomization', 'kustomize.toolkit.fluxcd.io'],
  ['HelmRelease', 'helm.toolkit.fluxcd.io'],
] as const;

/** Labels of Flux's kustomize-controller and helm-controller. */
function findFlux({ labels }: Holder): Owner | undefined {
  for (const [kind, group] of fluxKinds) {
    const name = labels[`${group}/name`];
    if (name === undefined) continue;
    const namespace = labels[`${group}/namespace`] ?? 'flux-system';
    const words = `Change it in its repository, or suspend it first: \`flux suspend ${kind.toLowerCase()} ${name} -n ${namespace}\`.`;
    return {
      name: `Flux ${kind} ${namespace}/${name}`,
      when: 'at its next reconciliation',
      reverts: true,
      instead: offer(words, [name, namespace]),
    };
  }
  return undefined;
}

/** Helm puts back nothing by itself. */
function findHelm({ annotations }: Holder, { namespace: own }: Plan['target']): Owner | undefined {
  const release = annotations['meta.helm.sh/release-name'];
  if (release === undefined) return undefined;
  const namespace = annotations['meta.helm.sh/release-namespace'] ?? own;
  const words = `Change its values, or go back with \`helm rollback ${release} <revision> -n ${namespace}\`.`;
  return {
    name: `Helm release ${release}`,
    when: 'at its next upgrade',
    reverts: false,
    instead: offer(words, [release, namespace]),
  };
}

/** Commands only with names that are safe to paste: annotations may hold anything. */
function offer(words: string, names: readonly string[]): string {
  return names.every((name) => /^[a-z0-9][a-z0-9./-]*$/i.test(name)) ? words : 'Change it where it is declared.';
}
