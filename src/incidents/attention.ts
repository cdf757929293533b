import { Attention, type Callee } from '../core/attention.ts';
import type { Escalation } from '../core/escalation.ts';
import { severityRank } from '../core/finding.ts';
import type { Incident, TimelineEntry } from '../core/incident.ts';
import { append, stamp } from './timeline.ts';

/** What a person decides about an incident. */
export type Decision =
  | { readonly do: 'acknowledge' }
  | { readonly do: 'assign'; readonly to: string }
  | { readonly do: 'snooze'; readonly until: number; readonly reason?: string }
  | { readonly do: 'resolve' | 'reopen'; readonly reason?: string };

/** The incident after the decision, or the sentence that says why it cannot be. */
export type Decided = { readonly incident: Incident } | { readonly refused: string };

type Change = { readonly attention: Attention; readonly entry: TimelineEntry } | { readonly refused: string };

/** Applies what a person decided. `by`: Slack user id; `now`: epoch milliseconds. */
export function decide(
  incident: Incident,
  decision: Decision,
  who: { readonly by: string; readonly now: number },
): Decided {
  const change = changeOf(incident, decision, who);
  if ('refused' in change) return change;
  const { attention, entry } = change;
  return { incident: stamp(append({ ...incident, attention }, entry), who.now) };
}

function changeOf(incident: Incident, decision: Decision, who: { readonly by: string; readonly now: number }): Change {
  const { attention, id } = incident;
  if (incident.state === 'resolved')
    return { refused: `${id} is resolved; it reopens by itself should the trouble return.` };
  if (decision.do === 'reopen') return reopen(incident, decision.reason, who);
  if (attention.dismissed !== undefined) return { refused: `${id} is closed; reopen it first.` };
  if (decision.do === 'acknowledge') return acknowledge(incident, who);
  if (decision.do === 'assign') return assign(incident, decision.to, who);
  if (decision.do === 'snooze') return snooze(incident, decision, who);
  return dismiss(incident, decision.reason, who);
}

interface Who {
  readonly by: string;
  readonly now: number;
}

function acknowledge({ attention, id }: Incident, { by, now }: Who): Change {
  if (attention.acknowledged !== undefined) return { refused: `${id} is already acknowledged.` };
  const entry = { at: now, kind: 'acknowledged' as const, by, text: 'Nobody else is called.' };
  return { attention: { ...attention, acknowledged: { by, at: now }, calledAt: now }, entry };
}

/** Who has it need not acknowledge it first. */
function assign({ attention }: Incident, to: string, { by, now }: Who): Change {
  const text = to === by ? 'They took it.' : 'They were asked to look after it.';
  const entry: TimelineEntry = { at: now, kind: 'assigned', by, text, call: { user: to } };
  const acknowledged = attention.acknowledged ?? { by, at: now };
  return { attention: { ...attention, acknowledged, assignee: to, calledAt: now }, entry };
}

function snooze(
  { attention }: Incident,
  { until, reason }: { until: number; reason?: string },
  { by, now }: Who,
): Change {
  const entry = { at: now, kind: 'snoozed' as const, by, text: sentence(reason, 'Nobody is called meanwhile.') };
  return { attention: { ...attention, snoozedUntil: until }, entry };
}

/** What is being changed is not closed under the change: its proof would be told to nobody. */
function dismiss({ attention, executing, id }: Incident, reason: string | undefined, { by, now }: Who): Change {
  if (executing) return { refused: `A change is under way on ${id}; close it when that has ended.` };
  const entry = {
    at: now,
    kind: 'dismissed' as const,
    by,
    text: sentence(reason, 'It is told again should it get worse or come back.'),
  };
  return { attention: { ...attention, dismissed: { by, at: now } }, entry };
}

function reopen({ attention, id }: Incident, reason: string | undefined, { by, now }: Who): Change {
  if (attention.dismissed === undefined && attention.snoozedUntil === undefined) return { refused: `${id} is open.` };
  const entry = {
    at: now,
    kind: 'reopened' as const,
    by,
    text: sentence(reason, 'A person wants it looked at again.'),
  };
  return { attention: afresh(attention, now), entry };
}

function sentence(reason: string | undefined, otherwise: string): string {
  return reason === undefined || reason === '' ? otherwise : reason;
}

/** Nobody looks after it any more; what people thought of it stays. */
function afresh({ escalation, channels, paged, feedback }: Attention, now: number): Attention {
  const fresh = Attention.parse({ since: now, channels, paged, feedback });
  return escalation === undefined ? fresh : { ...fresh, escalation };
}

/** An incident that came back, or got worse, calls for people anew. */
export function rouse(before: Incident, after: Incident, now: number): Incident {
  const { attention } = after;
  if (before.state === 'resolved' && after.state === 'open') return { ...after, attention: afresh(attention, now) };
  const worse = severityRank(after.severity) < severityRank(before.severity);
  if (!worse || (attention.dismissed === undefined && attention.snoozedUntil === undefined)) return after;
  const entry = { at: now, kind: 'woken' as const, text: `It got worse: ${after.severity} now.` };
  return append({ ...after, attention: afresh(attention, now) }, entry);
}

/** It began during maintenance: nobody is told unless it outlasts that. */
export function quieten(
  incident: Incident,
  { until, reason }: { readonly until: number; readonly reason: string },
  now: number,
): Incident {
  const attention = { ...incident.attention, snoozedUntil: until, quiet: true };
  return append({ ...incident, attention }, { at: now, kind: 'snoozed', text: `Maintenance: ${reason}` });
}

/** Notes what a person thinks of it. */
export function rate(incident: Incident, by: string, verdict: Attention['feedback'][string]): Incident {
  const { attention } = incident;
  if (attention.feedback[by] === verdict) return incident;
  return { ...incident, attention: { ...attention, feedback: { ...attention.feedback, [by]: verdict } } };
}

/** What time alone brings: the end of a snooze, the next call, a reminder. The same object where nothing is due. */
export function attend(incident: Incident, escalation: Escalation | undefined, now: number): Incident {
  const { attention, state, finding } = incident;
  if (state === 'resolved' || finding === undefined || attention.dismissed !== undefined) return incident;
  if (attention.snoozedUntil !== undefined) return now < attention.snoozedUntil ? incident : wake(incident, now);
  if (escalation === undefined || incident.executing) return incident;
  if (attention.acknowledged !== undefined) return remind(incident, escalation, now);
  return call(incident, escalation, now);
}

function wake(incident: Incident, now: number): Incident {
  const text = incident.attention.quiet
    ? 'The maintenance is over and it goes on.'
    : 'The time is over and it goes on.';
  const next = { ...incident, attention: afresh(incident.attention, now) };
  return stamp(append(next, { at: now, kind: 'woken', text }), now);
}

function call(incident: Incident, { severities, steps, repeat }: Escalation, now: number): Incident {
  const { attention, severity } = incident;
  const { calls, since, calledAt } = attention;
  const step = steps[calls % Math.max(steps.length, 1)];
  const over = calls >= steps.length * (repeat + 1);
  if (step === undefined || over || !severities.includes(severity)) return incident;
  if (now < (calls === 0 ? since : (calledAt ?? since)) + step.waitMs) return incident;
  const text = `Nobody has acknowledged it for ${describeMinutes(now - since)}.`;
  const next = { ...attention, ...noteCallee(attention, step.call), calls: calls + 1, calledAt: now };
  return stamp(append({ ...incident, attention: next }, { at: now, kind: 'called', text, call: step.call }), now);
}

function noteCallee({ channels, paged }: Attention, callee: Callee): Pick<Attention, 'channels' | 'paged'> {
  if ('pager' in callee) return { channels, paged: true };
  return { channels: 'channel' in callee ? [...new Set([...channels, callee.channel])] : channels, paged };
}

function remind(incident: Incident, { remindMs }: Escalation, now: number): Incident {
  const { acknowledged, assignee, calledAt } = incident.attention;
  if (acknowledged === undefined || now < (calledAt ?? acknowledged.at) + remindMs) return incident;
  const text = `Acknowledged ${describeMinutes(now - acknowledged.at)} ago and still open.`;
  const entry: TimelineEntry = { at: now, kind: 'called', text, call: { user: assignee ?? acknowledged.by } };
  return stamp(append({ ...incident, attention: { ...incident.attention, calledAt: now } }, entry), now);
}

function describeMinutes(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
