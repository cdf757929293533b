import type { KnownBlock } from '@slack/types';
import type { Execution } from '../../core/execution.ts';
import type { Finding } from '../../core/finding.ts';
import type { Incident, TimelineEntry } from '../../core/incident.ts';
import type { Message } from '../../core/ports/channel.ts';
import type { Decision, Proposal } from '../../core/proposal.ts';
import { isWorkloadRef, refKey, refName } from '../../core/resource-ref.ts';
import { actions, button, context, fields, header, message, section } from '../blocks/blocks.ts';
import { escapeText, formatMinute, formatPerson, inline, plainText, truncate } from '../blocks/mrkdwn.ts';
import { creditOf, sayExplanation } from './explanation.ts';
import { menuOf } from './menu.ts';
import { proposalButtons } from './proposal.ts';
import {
  activeProposal,
  healingExecution,
  lastStep,
  proposalUnderWay,
  runningExecution,
  type Snapshot,
  waitingProposals,
} from './snapshot.ts';
import { describeStatus } from './status.ts';
import { adviceOf, count, describeNextAsking, type Words } from './words.ts';

/** Characters of the whole root; people read it on a phone. What the other parts leave goes to the cause. */
const rootLimit = 1_500;

/** Characters of the parts that may grow. */
const limits = {
  title: 120,
  cluster: 40,
  workload: 110,
  change: 180,
  related: 160,
  impact: 120,
  next: 280,
  older: 100,
  wayBack: 150,
  advice: 240,
  policy: 100,
  leastCause: 160,
} as const;

/** Between a model's words and those of the rules. */
const rulesLabel = '\n*By the rules:* ';

/** The one message in the channel: what broke, why, what is proposed, where it stands. Edited in place. */
export function renderRoot(snapshot: Snapshot): Message {
  const { incident } = snapshot;
  const status = describeStatus(snapshot);
  const word = severityWord(incident);
  const next = describeNext(snapshot);
  const around: KnownBlock[] = [
    header(plainText(`[${word}] ${incident.title}`, limits.title)),
    fields(facts(incident, status.rich), menuOf(incident)),
  ];
  const after: KnownBlock[] = [...changeBlocks(incident), ...relatedBlocks(incident), ...next.blocks];
  const foot = footer(snapshot);
  const told = tellCause(incident, rootLimit - lengthOf(around) - lengthOf(after) - foot.length);
  const text = `${word}: ${incident.title} in cluster ${incident.cluster}. ${status.plain}.${next.plain}${told.plain}`;
  return message(text, [...around, section(told.rich), ...after, context(`${foot}${told.credit}`)]);
}

/** A model's words over those of the rules, which stay and give way where room is needed; the credit goes with what is shown of it. */
function tellCause(incident: Incident, room: number): Words & { readonly credit: string } {
  const { explanation, cause } = incident;
  const spare = room - limits.leastCause;
  const credit = explanation === undefined ? '' : ` · ${creditOf(explanation)}`;
  const said = sayExplanation(incident, spare - credit.length - rulesLabel.length);
  const rules = escapeText(cause);
  const plain = ` ${cause.replaceAll('\n', ' ')}`;
  if (said === undefined) {
    const shown = credit.length <= spare ? credit : '';
    return { rich: truncate(rules, Math.max(limits.leastCause, room - shown.length)), plain, credit: shown };
  }
  const left = room - credit.length - rulesLabel.length - said.rich.length;
  return { rich: `${said.rich}${rulesLabel}${truncate(rules, left)}`, plain: `${said.plain}${plain}`, credit };
}

function severityWord({ state, severity, attention }: Incident): string {
  if (state === 'resolved') return 'RESOLVED';
  return attention.dismissed === undefined ? severity.toUpperCase() : 'CLOSED';
}

/** Characters that people get to read (or their clients to replace by a date). Buttons and dialogs do not count. */
function lengthOf(blocks: readonly KnownBlock[]): number {
  return blocks.flatMap(textsOf).reduce((sum, text) => sum + text.length, 0);
}

function textsOf(block: KnownBlock): readonly string[] {
  if (block.type === 'header') return [block.text.text];
  if (block.type === 'section') return [block.text, ...(block.fields ?? [])].map((text) => text?.text ?? '');
  if (block.type === 'context') return block.elements.map((element) => ('text' in element ? element.text : ''));
  return [];
}

function facts(incident: Incident, status: string): (readonly [string, string])[] {
  const { finding, subject } = incident;
  const since = Math.min(incident.openedAt, finding?.since ?? incident.openedAt);
  const shown: (readonly [string, string])[] = [
    ['Cluster', truncate(inline(incident.cluster), limits.cluster)],
    [
      isWorkloadRef(subject) ? 'Workload' : 'Object',
      truncate(inline(`${subject.kind} ${refName(subject)}`), limits.workload),
    ],
    ['Since', formatMinute(since)],
    ['Status', status],
  ];
  if (finding === undefined) return shown;
  const again = incident.reopened === 0 ? '' : `, reopened ${incident.reopened}x`;
  return [
    ...shown,
    ['Impact', truncate(inline(describeImpact(finding)), limits.impact)],
    ['Occurrences', `${describeOccurrences(incident.occurrences, finding)}${again}`],
  ];
}

/** Of several pods they are the sum, while the cause counts those of one. */
function describeOccurrences(occurrences: number, { impact, affectedPods }: Finding): string {
  const isSum = impact === undefined && affectedPods > 1 && occurrences > affectedPods;
  return isSum ? `${occurrences} in ${affectedPods} pods` : `${occurrences}`;
}

function describeImpact({ impact, affectedPods, totalPods, exposed }: Finding): string {
  const what = impact ?? `${affectedPods} of ${count(totalPods, 'pod')}`;
  return exposed === undefined ? what : `${what}, behind ${exposed}`;
}

/** What changed before it began, unless the cause says so itself. */
function changeBlocks({ finding, cause }: Incident): KnownBlock[] {
  const release = finding?.release;
  const [first] = release?.changes ?? [];
  if (release === undefined || first === undefined || cause.includes(first)) return [];
  const text = `*Changed with revision ${release.toRevision}:* ${inline(release.changes.join('; '))}`;
  return [section(truncate(text, limits.change))];
}

/** What else is in trouble because of it, and how much: told here instead of in messages of its own. */
function relatedBlocks({ related }: Incident): KnownBlock[] {
  const holding = related.filter(({ holds }) => holds).map(({ finding }) => finding);
  const [first, ...others] = holding;
  if (first === undefined) return [];
  const how = others.length === 0 ? '' : `, ${describeSuppressed(holding)}`;
  const more = others.length === 0 ? '' : ' and others';
  const text = `*Also because of it${how}:* ${inline(`${first.subject.kind} ${refName(first.subject)}: ${first.title}`)}`;
  return [section(`${truncate(text, limits.related)}${more}`)];
}

/** `12 findings suppressed, 40 pods of 12 workloads`. A workload with several findings counts once. */
function describeSuppressed(findings: readonly Finding[]): string {
  const pods = new Map<string, number>();
  for (const { subject, affectedPods } of findings) {
    const key = refKey(subject);
    if (affectedPods > 0) pods.set(key, Math.max(affectedPods, pods.get(key) ?? 0));
  }
  const all = [...pods.values()].reduce((sum, one) => sum + one, 0);
  const where = pods.size === 0 ? '' : `, ${count(all, 'pod')} of ${count(pods.size, 'workload')}`;
  return `${count(findings.length, 'finding')} suppressed${where}`;
}

interface Next {
  readonly blocks: readonly KnownBlock[];
  readonly plain: string;
}

const nothing: Next = { blocks: [], plain: '' };

/** What happens next, or how it ended: one sentence; and each proposal that waits, with the buttons, the newest first. */
function describeNext(snapshot: Snapshot): Next {
  const { inRoot, inThread } = waitingProposals(snapshot);
  const asked = inRoot.map((proposal, index) => ask(proposal, index === 0 ? limits.next - 40 : limits.older));
  const main = describeMain(snapshot, inRoot.length > 0);
  const blocks = [main, ...asked].flatMap((one) => one.blocks);
  const more = inThread.length === 0 ? '' : ` ${count(inThread.length, 'more proposal')} in the thread.`;
  return { blocks, plain: `${[main, ...asked].map(({ plain }) => plain).join('')}${more}` };
}

function describeMain(snapshot: Snapshot, isAsked: boolean): Next {
  const { incident } = snapshot;
  const healed = healingExecution(snapshot);
  if (healed !== undefined) return sentence('Result', `${healed.outcome ?? ''} ${describeDeed(healed)}`.trim());
  if (incident.state === 'resolved') return describeEnd(snapshot);
  const underWay = proposalUnderWay(snapshot);
  if (underWay !== undefined) return describeRun(underWay, runningExecution(snapshot));
  return isAsked ? nothing : describeStandstill(incident);
}

/** What somebody asked for has a result, even where it is no good one. */
function describeEnd({ incident, executions }: Snapshot): Next {
  const outcome = incident.finding === undefined ? executions.at(-1)?.outcome : undefined;
  return outcome === undefined ? nothing : sentence('Result', outcome);
}

/** What takes many steps can be stopped between two of them. */
function describeRun({ id, plan }: Proposal, running: Execution | undefined): Next {
  const { blocks, plain } = sentence('Under way', plan.summary);
  if (running?.phase !== 'advancing' || running.stop !== undefined) return { blocks, plain };
  return { blocks: [...blocks, actions('under-way', [stopButton(id, plan)])], plain };
}

function describeDeed({ plan }: Execution): string {
  return plan === undefined ? '' : `Done: ${plan.summary}`;
}

/** Nobody is asked and nothing runs: why, and what people would do now. */
function describeStandstill(incident: Incident): Next {
  const last = lastStep(incident);
  const halted = last?.kind === 'escalated' || last?.kind === 'denied';
  const why = halted ? sayHalt(last) : undefined;
  const [advice] = isTrouble(incident) ? adviceOf(incident) : [];
  const step = advice === undefined ? undefined : closeCode(say('Next', advice, limits.advice));
  const told = [why, step].filter((words) => words !== undefined);
  if (told.length === 0) return nothing;
  const rich = told.map((words) => words.rich).join('\n');
  return { blocks: [section(rich)], plain: told.map(({ plain }) => ` ${plain}`).join('') };
}

function sayHalt(last: TimelineEntry): Words {
  const [said, again] = [say('Now', last.text, limits.next), describeNextAsking(last)];
  return { rich: `${said.rich}${again.rich}`, plain: `${said.plain}${again.plain}` };
}

/** Without the beginning of a command that was cut. */
function closeCode({ rich, plain }: Words): Words {
  const whole = rich.split('`').length % 2 === 1;
  return { rich: whole ? rich : `${rich.slice(0, rich.lastIndexOf('`')).trimEnd()} …`, plain };
}

/** False once it is quiet, and while a change is tried: there is nothing for people to do. */
function isTrouble({ holds, clearedAt, executing }: Incident): boolean {
  return holds && clearedAt === undefined && !executing;
}

function say(label: string, text: string, limit: number): Words {
  return { rich: truncate(`*${label}:* ${inline(text)}`, limit), plain: `${label}: ${text}` };
}

function sentence(label: string, text: string): Next {
  const { rich, plain } = say(label, text, limits.next);
  return { blocks: [section(rich)], plain: ` ${plain}` };
}

function ask({ id, plan }: Proposal, limit: number): Next {
  const proposed = truncate(`*Proposed:* ${inline(plan.summary)}`, limit);
  const wayBack = truncate(`Way back: ${inline(plan.undo)}`, limits.wayBack);
  return {
    blocks: [section(`${proposed}\nRisk: ${plan.risk}. ${wayBack}`), proposalButtons(id, plan)],
    plain: ` Proposed: ${plan.summary}`,
  };
}

function stopButton(id: string, { target }: Proposal['plan']) {
  return button({ action: 'op:stop', label: 'Stop', spoken: `Stop the change of ${refName(target)}`, value: id });
}

function footer(snapshot: Snapshot): string {
  const { incident, proposals } = snapshot;
  const active = activeProposal(snapshot);
  const decided = active ?? proposals.findLast(({ decision }) => decision !== undefined);
  const policy = active?.rulings.find(({ guardrail }) => guardrail === 'autonomy')?.verdict.reason;
  return [
    escapeText(incident.id),
    ...describeAsker(active),
    ...(decided?.decision === undefined ? [] : [describeDecider(decided, decided.decision)]),
    ...(policy === undefined ? [] : [`Policy: ${truncate(inline(policy), limits.policy).replace(/\.$/, '')}`]),
    ...describeAttention(incident),
    ...describeSilence(incident),
    ...describeOthers(waitingProposals(snapshot).inThread),
    'evidence and every step in the thread',
  ].join(' · ');
}

function describeAsker(proposal: Proposal | undefined): readonly string[] {
  const user = proposal?.origin.user;
  return user === undefined ? [] : [`asked for by ${formatPerson(user)}`];
}

/** They have their buttons there. */
function describeOthers({ length }: readonly Proposal[]): readonly string[] {
  return length === 0 ? [] : [`*${count(length, 'more proposal')} for you to decide in the thread*`];
}

/** Who looks after it. */
function describeAttention({ attention, state }: Incident): readonly string[] {
  const { acknowledged, assignee } = attention;
  if (state === 'resolved' || acknowledged === undefined) return [];
  if (assignee !== undefined) return [`assigned to ${formatPerson(assignee)}`];
  return [`acknowledged by ${formatPerson(acknowledged.by)} ${formatMinute(acknowledged.at)}`];
}

/** The silence that lasts longest; where it has ended, its date says so. */
function describeSilence({ silences, state }: Incident): readonly string[] {
  if (silences.length === 0 || state === 'resolved') return [];
  return [`alerts silenced until ${formatMinute(Math.max(...silences.map(({ until }) => until)))}`];
}

function describeDecider({ state }: Proposal, { by, at }: Decision): string {
  return `${state === 'rejected' ? 'rejected' : 'approved'} by ${formatPerson(by)} ${formatMinute(at)}`;
}
