import type { KnownBlock, ModalView } from '@slack/types';
import type { Proposal } from '../../core/proposal.ts';
import { redact } from '../../core/redact.ts';
import { refName } from '../../core/resource-ref.ts';
import { context, section } from '../blocks/blocks.ts';
import { escapeText, fence, formatTime } from '../blocks/mrkdwn.ts';

/** Characters of diff in one section, and in the whole modal. */
const sectionLimit = 2_800;
const diffLimit = 8_000;

/** The modal behind "Details": what exactly would be written, and what the guardrails said. */
export function renderDetails(proposal: Proposal): ModalView {
  const { plan, rulings, expiresAt, id, version, state } = proposal;
  const blocks: KnownBlock[] = [
    section(
      `*${escapeText(plan.summary)}*\n${escapeText(plan.blastRadius)}\nRisk: ${plan.risk}. ${escapeText(plan.undo)}`,
    ),
    ...splitDiff(redact(plan.diff)).map((part) => section(fence(part, sectionLimit))),
    section(
      `*Guardrails*\n${rulings.map(({ guardrail, verdict }) => `• ${guardrail}: ${verdict.answer}. ${escapeText(verdict.reason)}`).join('\n')}`,
    ),
    context(
      state === 'awaiting-approval'
        ? `Waits for an approver until ${formatTime(expiresAt)}.`
        : `This proposal is ${state}.`,
    ),
  ];
  return {
    type: 'modal',
    callback_id: 'proposal-details',
    private_metadata: JSON.stringify({ proposal: id, version }),
    title: { type: 'plain_text', text: refName(plan.target).slice(0, 24) },
    close: { type: 'plain_text', text: 'Close' },
    blocks,
  };
}

/** By lines, so that no section cuts one in two; one overlong line stands alone and is cut by its fence. */
function splitDiff(diff: string): string[] {
  if (diff === '') return ['No difference in the pod template.'];
  const parts: string[] = [];
  for (const line of diff.slice(0, diffLimit).split('\n')) {
    const last = parts.at(-1);
    if (last !== undefined && last.length + line.length < sectionLimit - 100)
      parts[parts.length - 1] = `${last}\n${line}`;
    else parts.push(line);
  }
  return diff.length > diffLimit ? [...parts, '(cut here: the diff is longer)'] : parts;
}
