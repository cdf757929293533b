import type { Message } from '../../core/ports/channel.ts';
import type { Proposal } from '../../core/proposal.ts';
import { refName } from '../../core/resource-ref.ts';
import type { Ruling } from '../../core/verdict.ts';
import { actions, button, context, message, section } from '../blocks/blocks.ts';
import { formatPerson, formatPlainTime, formatTime, inline } from '../blocks/mrkdwn.ts';
import { bothWays, describeNextAsking, type Words } from './words.ts';

/**
 * What is proposed, why, and what was decided. `mention` is only shown while somebody is asked, so that it calls people once: Slack does not
 * notify for edits. `asks`: it is decided here, because the root has no room for it.
 */
export function renderProposal(
  proposal: Proposal,
  { mention, asks = false }: { readonly mention?: string | undefined; readonly asks?: boolean } = {},
): Message {
  const { plan, reason, origin, rulings } = proposal;
  const lines = [
    `*Proposed:* ${inline(plan.summary)}`,
    `• Why: ${inline(reason)}${origin.user === undefined ? '' : ` (by ${formatPerson(origin.user)})`}`,
    `• Touches: ${inline(plan.blastRadius)}`,
    `• Risk: ${plan.risk}. Way back: ${inline(plan.undo)}`,
    ...rulings.filter(matters).map(describeRuling),
  ];
  const decision = describeDecision(proposal);
  const call = mention === undefined || proposal.state !== 'awaiting-approval' ? '' : `${mention} `;
  return message(`Proposed: ${plan.summary} ${decision.plain}`, [
    section(lines.join('\n')),
    ...(asks ? [proposalButtons(proposal.id, plan)] : []),
    context(`${call}${decision.rich}`),
  ]);
}

/** The three things that a person can do with what is proposed. */
export function proposalButtons(id: string, { summary, blastRadius, target }: Proposal['plan']) {
  const name = refName(target);
  return actions(`proposal-${id}`, [
    button({
      action: 'op:approve',
      label: 'Approve',
      spoken: `Approve the change of ${name}`,
      value: id,
      style: 'primary',
      confirm: { title: 'Apply this change?', text: `${summary} ${blastRadius}`, yes: 'Yes, apply it' },
    }),
    button({ action: 'op:reject', label: 'Reject', spoken: `Reject the change of ${name}`, value: id }),
    button({ action: 'op:details', label: 'Details', spoken: `Details of the change of ${name}`, value: id }),
  ]);
}

/** Guardrails that had nothing against it are left to the details; autonomy says who decides. */
function matters({ guardrail, verdict }: Ruling): boolean {
  return verdict.answer !== 'allow' || guardrail === 'autonomy';
}

export function describeRuling({ guardrail, verdict }: Ruling): string {
  const again = verdict.answer === 'deny' ? describeNextAsking({ askedAgainAt: verdict.retryAt }) : bothWays('');
  return `• Guardrail ${inline(guardrail)} (${answers[verdict.answer]}): ${inline(verdict.reason)}${again.rich}`;
}

const answers: Readonly<Record<Ruling['verdict']['answer'], string>> = {
  allow: 'allows it',
  'needs-approval': 'asks for a person',
  deny: 'denies it',
};

function describeFirst(first: Proposal['firstApproval']): string {
  return first === undefined
    ? 'Waiting for an approver'
    : `Approved by ${formatPerson(first.by)}, ${formatTime(first.at)}; waiting for one more person`;
}

function describeDecision({ state, decision, firstApproval, expiresAt, supersededBy }: Proposal): Words {
  const by = decision === undefined ? '' : ` by ${formatPerson(decision.by)}, ${formatTime(decision.at)}`;
  switch (state) {
    case 'awaiting-approval':
      return {
        rich: `${describeFirst(firstApproval)} until ${formatTime(expiresAt)}.`,
        plain: `Waiting for approval until ${formatPlainTime(expiresAt)}.`,
      };
    case 'approved':
    case 'executed':
      return { rich: `Approved${by}.`, plain: 'Approved.' };
    case 'rejected':
      return { rich: `Rejected${by}. Nothing was changed.`, plain: 'Rejected.' };
    case 'denied':
      return { rich: `Approved${by}, then held back: see below. Nothing was changed.`, plain: 'Held back.' };
    case 'expired':
      return describeExpiry(by, supersededBy !== undefined);
  }
}

/** `by`: who had approved it, where somebody had. */
function describeExpiry(by: string, superseded: boolean): Words {
  if (by === '' && !superseded) {
    return { rich: 'Expired without a decision. Nothing was changed.', plain: 'Expired.' };
  }
  const next = superseded ? ' A new proposal replaces this one.' : ' Nothing was changed.';
  return {
    rich: `Expired: the workload changed since this was proposed${by === '' ? '' : ` (approved${by})`}.${next}`,
    plain: 'Expired: the workload changed.',
  };
}
