import { z } from 'zod';
import type { Plan, Refusal, Verification } from '../../core/action.ts';
import type { Alert } from '../../core/alert.ts';
import { parseDuration } from '../../core/duration.ts';
import { LifeguardError } from '../../core/errors.ts';
import { holdingFindings, type Incident, incidentKind, incidentRef } from '../../core/incident.ts';
import { redact } from '../../core/redact.ts';
import type { ResourceRef } from '../../core/resource-ref.ts';
import { describeMatcher, Matcher, matchersOf } from '../../core/silence.ts';
import { defineAction, type Run, type VerifyInput } from '../action.ts';
import { liftEach } from '../alert/lift.ts';
import { measuringAlerts } from '../alert/measurement.ts';
import { formatMinute, IncidentParams, readMatter, requireMatter } from '../alert/target.ts';
import type { ActionContext } from '../context.ts';
import { verifyReached } from '../workload/reached.ts';
import { diffTemplates, digest } from '../workload/template-diff.ts';

const longestMs = 7 * 86_400_000;

const SilenceParams = IncidentParams.extend({
  duration: z
    .string()
    .refine((word) => (parseDuration(word) ?? Infinity) <= longestMs, 'say how long, as 90m, 2h or 1d; up to 7d')
    .describe('How long: `90m`, `2h` or `1d`; up to 7d.'),
  reason: z.string().max(200).optional().describe('Why; it is shown in Alertmanager, too.'),
});
type SilenceParams = z.infer<typeof SilenceParams>;

/** Never by Lifeguard alone, nor by a model: what is silenced nobody is told. */
export const silenceAlerts = defineAction({
  id: 'silence-alerts',
  title: 'Silence alerts',
  risk: 'medium',
  surfaces: ['slash', 'button'],
  rbac: [],
  elsewhere: 'Alertmanager',
  command: {
    name: 'silence',
    arguments: ['target', 'duration', 'reason'],
    takesRest: true,
    help: 'Silence the alerts of an incident in Alertmanager; its end is shown all the same.',
  },
  targets: [incidentKind],
  endsRollout: false,
  lasting: false,
  params: SilenceParams,
  plan: planSilences,
  execute: silenceOnce,
  isApplied: async ({ plan, mark }, { alertmanager }) => {
    const marks = entriesOf(plan).map((_, index) => markIn(mark, index));
    const lasting = ((await alertmanager?.silences()) ?? []).filter(({ state }) => state !== 'expired');
    return lasting.some(({ comment }) => marks.some((text) => comment.endsWith(text)));
  },
  measure: measuringAlerts(async (plan, { incident, alertmanager }) => {
    const [silences, firing] = await Promise.all([alertmanager.silences(), alertmanager.firing()]);
    const states = entriesOf(plan).map((entry) => {
      const id = idOf(entry, incident);
      const state = silences.find((one) => one.id === id)?.state ?? 'expired';
      const covers = entry.alerts.every((alert) => firing.get(alert)?.includes(id ?? '') ?? true);
      return { name: entry.name, state, covers };
    });
    const gone = states.filter(({ state }) => state === 'expired');
    return {
      reached: states.every(({ state, covers }) => state === 'active' && covers),
      findings: gone.map(({ name }) => name),
    };
  }),
  verify: verifySilences,
  undo: liftOwn,
});

/** One silence, as a plan carries it. */
const Entry = z.object({
  /** Of its alerts. */
  name: z.string(),
  /** Fingerprints. */
  alerts: z.array(z.string()),
  matchers: z.array(Matcher),
  /** Epoch milliseconds. */
  until: z.number(),
  reason: z.string(),
  comment: z.string(),
});
type Entry = z.infer<typeof Entry>;

function entriesOf({ patch }: Plan): readonly Entry[] {
  return patch.map(({ value }) => Entry.parse(value));
}

async function planSilences(params: SilenceParams, context: ActionContext): Promise<Plan | Refusal> {
  const matter = await readMatter(params.target, context);
  if ('refused' in matter) return matter;
  const { incident } = matter;
  const firing = await findFiring(incident, context);
  if (firing.length === 0) return { refused: `No alert of ${incident.id} fires, so there is nothing to silence.` };
  const groups = [...Map.groupBy(firing, nameOf)]
    .map(([name, alerts]) => ({ name, alerts }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
  const left = groups.filter(({ alerts }) => matchersOf(alerts) === undefined).map(({ name }) => name);
  const not = `Not silenced: ${left.join(', ')}; its labels cannot be named exactly, so do it in Alertmanager.`;
  if (left.length === groups.length) return { refused: not };
  const until = context.clock.now() + (parseDuration(params.duration) ?? 0);
  const entries = groups.flatMap(({ name, alerts }) => entryOf({ name, alerts, until }, params, incident));
  const names = entries.map(({ name }) => name).join(', ');
  return {
    target: incidentRef(incident),
    summary: `Silence ${names} of ${incident.id} in Alertmanager for ${params.duration}.`,
    blastRadius: [
      `Alertmanager tells nobody of ${countAlerts(entries)}, nor of new ones with the same labels, until about ${formatMinute(until)}; their end is shown here all the same.`,
      ...(left.length === 0 ? [] : [not]),
    ].join(' '),
    risk: 'medium',
    diff: diffTemplates({}, { silences: entries.map(show) }),
    patch: entries.map((value) => ({ op: 'add', path: '/silences/-', value })),
    inverse: entries.map((_, index) => ({ op: 'remove', path: `/silences/${index}` })),
    undo: 'The silence is ended; `unsilence` does that at any time.',
    objects: alertRefs(incident, firing),
    basis: digest({ ...params, alerts: firing.map(({ fingerprint, labels }) => ({ fingerprint, labels })) }),
  };
}

/** Alerts of what the incident is about now, in a fixed order. */
async function findFiring(incident: Incident, { alerts }: ActionContext): Promise<readonly Alert[]> {
  const mine = new Set(holdingFindings(incident).flatMap((finding) => finding.alerts ?? []));
  return (await alerts.all())
    .filter(({ state, fingerprint }) => state === 'firing' && mine.has(fingerprint))
    .toSorted((a, b) => a.fingerprint.localeCompare(b.fingerprint));
}

function nameOf({ labels }: Alert): string {
  return labels['alertname'] ?? 'unnamed alert';
}

function entryOf(
  { name, alerts, until }: { readonly name: string; readonly alerts: readonly Alert[]; readonly until: number },
  { reason: given = '' }: SilenceParams,
  { id, title }: Incident,
): readonly Entry[] {
  const matchers = matchersOf(alerts);
  if (matchers === undefined) return [];
  const reason = redact(given);
  const comment = redact(`${id} ${title}${given === '' ? '' : `: ${given}`}`);
  return [
    { name, alerts: alerts.map(({ fingerprint }) => fingerprint), matchers: [...matchers], until, reason, comment },
  ];
}

function show({ matchers, until, comment }: Entry) {
  return { matchers: matchers.map(describeMatcher), until: formatMinute(until), comment };
}

function countAlerts(entries: readonly Entry[]): string {
  const count = entries.flatMap(({ alerts }) => alerts).length;
  return count === 1 ? 'this alert' : `these ${count} alerts`;
}

/** The alerts where they are felt: the rules of each of these namespaces hold. */
function alertRefs(incident: Incident, firing: readonly Alert[]): ResourceRef[] {
  return holdingFindings(incident).flatMap(({ subject, alerts = [] }) =>
    firing
      .filter(({ fingerprint }) => alerts.includes(fingerprint))
      .map((alert) => ({ kind: 'Alert', namespace: subject.namespace, name: nameOf(alert) })),
  );
}

/** Ends the comment of a silence, so that whoever takes over sees that it was set already. */
function markIn(mark: string, index: number): string {
  return ` [${mark}-${index}]`;
}

/** All of them or none: what Alertmanager will not have leaves nothing behind. */
async function silenceOnce(run: Run, context: ActionContext): Promise<void> {
  try {
    await silenceEach(run, context);
  } catch (error) {
    if (error instanceof LifeguardError && error.retry === 'permanent') await liftOwn(run, context);
    throw error;
  }
}

async function silenceEach(run: Run, context: ActionContext): Promise<void> {
  const { incident, alertmanager } = await requireMatter(run.plan.target, context);
  const known = await alertmanager.silences();
  const startsAt = context.clock.now();
  const createdBy = run.by === undefined ? 'lifeguard' : `lifeguard for ${run.by}`;
  for (const [index, { name, matchers, until, reason, comment }] of entriesOf(run.plan).entries()) {
    const mark = markIn(run.mark, index);
    const request = { matchers, startsAt, endsAt: until, createdBy, comment: `${comment}${mark}` };
    const id = known.find((one) => one.comment.endsWith(mark))?.id ?? (await alertmanager.silence(request));
    if (incident.silences.some((silence) => silence.id === id)) continue;
    const why = reason === '' ? '' : ` (${reason})`;
    const text = `alert ${name} is silenced until ${formatMinute(until)}${why}.`;
    const entry = { at: context.clock.now(), kind: 'silenced', text } as const;
    await context.journal.note(incident.id, entry, { silenced: { id, name, until } });
  }
}

/** The incident remembers which silence came of it. */
function idOf({ name, until }: Entry, { silences }: Incident): string | undefined {
  return silences.find((silence) => silence.name === name && silence.until === until)?.id;
}

/** A silence that somebody has ended will not come back by waiting. */
function verifySilences(input: VerifyInput, context: ActionContext): Verification {
  const { findings, reached } = input.after;
  if (findings.length > 0)
    return {
      verdict: 'unchanged',
      settled: true,
      sentence: `Alertmanager has no silence (any more) for ${findings.join(', ')}.`,
    };
  if (reached !== true) return verifyReached(input, context);
  const sentence = 'The silence is active and covers every alert of it that fires.';
  return { verdict: 'improved', settled: true, sentence };
}

async function liftOwn({ plan }: Run, context: ActionContext): Promise<void> {
  const matter = await requireMatter(plan.target, context);
  const ids = entriesOf(plan).map((entry) => idOf(entry, matter.incident));
  await liftEach(
    ids.filter((id) => id !== undefined),
    matter,
    context,
  );
}
