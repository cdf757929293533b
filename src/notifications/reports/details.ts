import type { KnownBlock, ModalView } from '@slack/types';
import type { Plan, Refusal } from '../../core/action.ts';
import type { Proposal } from '../../core/proposal.ts';
import { redact } from '../../core/redact.ts';
import { refName } from '../../core/resource-ref.ts';
import type { Ruling } from '../../core/verdict.ts';
import { context, section } from '../blocks/blocks.ts';
import { escapeText, fence, formatTime, inline, plainText, sizeOf } from '../blocks/mrkdwn.ts';
import { describeRuling } from './proposal.ts';

/** Characters of diff in one section and in the whole modal, as JSON. */
const sectionLimit = 2_800;
const diffLimit = 8_000;

/** What is there at this moment. */
export interface Live {
  /** What it would do now, or why it would not; undefined where nobody is asked any more. */
  readonly now?: { readonly plan: Plan } | Refusal | undefined;
  /** How the target does. */
  readonly state?: string | undefined;
}

/** The modal behind "Details": what exactly would be written now, and what the guardrails said. Bound to this version of the proposal. */
export function renderDetails(proposal: Proposal, live: Live = {}): ModalView {
  const { rulings, expiresAt, id, version, state } = proposal;
  const said = rulings.toSorted((a, b) => weightOf(a) - weightOf(b)).map(describeRuling);
  const plan = live.now !== undefined && 'plan' in live.now ? live.now.plan : proposal.plan;
  const blocks: KnownBlock[] = [
    section(`*${inline(plan.summary)}*\n${inline(plan.blastRadius)}\nRisk: ${plan.risk}. ${inline(plan.undo)}`),
    ...describeNow(live).map((line) => section(line)),
    ...splitDiff(redact(plan.diff)).map((part) => section(fence(part, sectionLimit))),
    section(`*Guardrails*\n${said.length === 0 ? 'None was asked.' : said.join('\n')}`),
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
    title: { type: 'plain_text', text: plainText(refName(plan.target), 24) },
    close: { type: 'plain_text', text: 'Close' },
    blocks,
  };
}

/** What speaks against it is read first. */
function weightOf({ verdict }: Ruling): number {
  return ['deny', 'needs-approval', 'allow'].indexOf(verdict.answer);
}

function describeNow({ now, state }: Live): readonly string[] {
  const does = state === undefined ? [] : [inline(state)];
  const held = now !== undefined && 'refused' in now ? [inline(now.refused)] : [];
  const lines = [...does, ...held];
  return lines.length === 0 ? [] : [`*Now*\n${lines.join('\n')}`];
}

/** By lines, so that no section cuts one in two; one overlong line stands alone and is cut by its fence. */
function splitDiff(diff: string): readonly string[] {
  if (diff === '') return ['Nothing that is declared changes.'];
  const parts: string[] = [];
  let room = 0;
  let left = diffLimit;
  for (const line of diff.split('\n')) {
    const size = Math.min(sizeOf(escapeText(line)) + 2, sectionLimit);
    if (size > left) return [...parts, '(cut here: the diff is longer)'];
    left -= size;
    if (size <= room) parts.push(`${parts.pop() ?? ''}\n${line}`);
    else parts.push(line);
    room = (size <= room ? room : sectionLimit) - size;
  }
  return parts;
}
