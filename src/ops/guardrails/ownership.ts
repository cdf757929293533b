import { allow, needsApproval } from '../../core/verdict.ts';
import { type Guardrail, type Holder, isAutomatic } from '../guardrail.ts';

/** Somebody who declares the workload elsewhere, and what they do to a change made here. */
interface Owner {
  readonly name: string;
  /** Completes "Argo CD application shop …". */
  readonly reaction: string;
  /** True where nobody has to do anything for that. */
  readonly reverts: boolean;
}

/** Who else decides what the workload is: named, so that people change it where it lasts. */
export const ownership: Guardrail = {
  id: 'ownership',
  promise: 'What Argo CD or Flux would put back is not changed by Lifeguard alone; people are told who owns it.',
  judge({ lasting, origin, holder: fact }) {
    if (!lasting) return allow('It changes nothing that is declared elsewhere.');
    if ('unreadable' in fact) return needsApproval(`Who owns it cannot be read (${fact.unreadable}).`);
    const owner = fact.known === undefined ? undefined : findOwner(fact.known);
    if (owner === undefined) return allow('Nobody declares it elsewhere, as far as its labels say.');
    const sentence = `${owner.name} ${owner.reaction}`;
    return owner.reverts && isAutomatic(origin) ? needsApproval(sentence) : tell(owner, sentence);
  },
};

/** A person who asks has to read it, so it must not be among what had nothing against it. */
function tell({ reverts }: Owner, sentence: string) {
  return reverts ? needsApproval(sentence) : allow(sentence);
}

/**
 * Labels and annotations that these tools leave on what they apply: Argo CD resource tracking, Flux kustomize-controller and helm-controller, Helm 3.
 */
function findOwner({ labels, annotations }: Holder): Owner | undefined {
  const application =
    annotations['argocd.argoproj.io/tracking-id']?.split(':')[0] ?? labels['argocd.argoproj.io/instance'];
  if (application !== undefined) {
    const reaction =
      'puts this back at its next sync where it heals itself; change it in its repository to make it last.';
    return { name: `Argo CD application ${application}`, reaction, reverts: true };
  }
  for (const [kind, group] of fluxGroups) {
    const name = labels[`${group}/name`];
    if (name === undefined) continue;
    const reaction =
      'puts this back at its next reconciliation; suspend it, or change it in its repository, to make it last.';
    return { name: `Flux ${kind} ${labels[`${group}/namespace`] ?? ''}/${name}`, reaction, reverts: true };
  }
  const release = annotations['meta.helm.sh/release-name'];
  if (release === undefined) return undefined;
  const reaction = 'puts this back at its next upgrade; change its values to make it last.';
  return { name: `Helm release ${release}`, reaction, reverts: false };
}

const fluxGroups = [
  ['Kustomization', 'kustomize.toolkit.fluxcd.io'],
  ['HelmRelease', 'helm.toolkit.fluxcd.io'],
] as const;
