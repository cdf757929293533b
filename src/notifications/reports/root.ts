import type { KnownBlock } from '@slack/types';
import type { Incident } from '../../core/incident.ts';
import type { Message } from '../../core/ports/channel.ts';
import type { Proposal } from '../../core/proposal.ts';
import { refName } from '../../core/resource-ref.ts';
import { actions, button, context, fields, header, message, section } from '../blocks/blocks.ts';
import { escapeText, formatTime, truncate } from '../blocks/mrkdwn.ts';
import { activeProposal, describeStatus, type Snapshot } from './snapshot.ts';

/** Characters spent on each part of the root, so that the whole stays under 1,500. */
const budget = { cause: 700, proposal: 320 } as const;

/** The one message in the channel: what broke, why, what is proposed, where it stands. Edited in place. */
export function renderRoot(snapshot: Snapshot): Message {
  const { incident } = snapshot;
  const active = activeProposal(snapshot);
  const waiting = active?.state === 'awaiting-approval' && incident.state === 'open' ? active : undefined;
  const word = incident.state === 'resolved' ? 'RESOLVED' : incident.severity.toUpperCase();
  const status = describeStatus(snapshot);
  const blocks: KnownBlock[] = [
    header(`[${word}] ${incident.title}`),
    fields(facts(incident, status)),
    section(truncate(escapeText(incident.cause), budget.cause)),
    ...(waiting === undefined ? [] : proposalBlocks(waiting)),
    context(footer(snapshot)),
  ];
  return message(
    `${word}: ${incident.title} in ${incident.cluster}. ${plainStatus(incident, waiting)} ${incident.cause}`,
    blocks,
  );
}

function facts(incident: Incident, status: string): (readonly [string, string])[] {
  const { finding, subject } = incident;
  const shown: (readonly [string, string])[] = [
    ['Cluster', escapeText(incident.cluster)],
    ['Workload', escapeText(`${subject.kind} ${refName(subject)}`)],
    ['Since', formatTime(incident.openedAt)],
    ['Status', status],
  ];
  if (finding === undefined) return shown;
  const again = incident.reopened === 0 ? '' : `, reopened ${incident.reopened}x`;
  return [
    ...shown,
    ['Impact', `${finding.affectedPods} of ${finding.totalPods} pods`],
    ['Crashes', `${incident.occurrences}${again}`],
  ];
}

function proposalBlocks({ id, plan }: Proposal): KnownBlock[] {
  const text = `*Proposed:* ${escapeText(plan.summary)} Risk: ${plan.risk}.`;
  return [section(truncate(text, budget.proposal)), actions(`proposal-${id}`, proposalButtons(id, plan))];
}

function proposalButtons(id: string, { summary, blastRadius, target }: Proposal['plan']) {
  const name = refName(target);
  return [
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
  ];
}

function footer({ incident, proposals }: Snapshot): string {
  const decided = proposals.findLast((proposal) => proposal.decision !== undefined)?.decision;
  const by =
    decided === undefined
      ? ''
      : ` · last decision by ${decided.by === 'lifeguard' ? 'Lifeguard (auto)' : `<@${decided.by}>`}`;
  return `${incident.id}${by} · details and every step in the thread`;
}

function plainStatus({ state, escalated }: Incident, waiting: Proposal | undefined): string {
  if (state === 'resolved') return 'It is over.';
  if (waiting !== undefined) return `Approval asked: ${waiting.plan.summary}`;
  return escalated ? 'People are needed.' : 'Being looked at.';
}
