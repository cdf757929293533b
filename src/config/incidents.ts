import { Cron } from 'croner';
import { z } from 'zod';
import { Severity } from '../core/finding.ts';
import { channelId, groupId, minutes, namespaceName, pattern, userId } from './words.ts';

const minute = 60_000;

const timezone = z
  .string()
  .refine(isTimeZone, 'a time zone such as Europe/Berlin')
  .default('UTC')
  .describe('An IANA time zone.');

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

function isSchedule(text: string): boolean {
  try {
    return new Cron(text, { mode: '5-part', paused: true }).nextRun() !== null;
  } catch {
    return false;
  }
}

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as 08:30');
const days = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);

const Route = z.strictObject({
  namespaces: z.array(pattern).min(1).optional(),
  severities: z.array(Severity).min(1).optional(),
  labels: z
    .record(z.string(), z.string())
    .optional()
    .describe('Labels of the namespace or of the pods; all of them must match.'),
  during: z
    .strictObject({
      days: z.array(days).min(1).default(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']),
      from: time.default('00:00'),
      to: time.default('00:00'),
      timezone,
    })
    .optional(),
  channel: channelId,
  escalation: z.string().optional().describe('Name of one of the escalations.'),
});

const Callee = z.union(
  [
    z.strictObject({ group: groupId }),
    z.strictObject({ user: userId }),
    z.strictObject({ channel: channelId }),
    z.strictObject({ pager: z.literal(true) }),
  ],
  'one of group, user, channel (their Slack ids), or pager: true',
);

const Escalation = z
  .strictObject({
    severities: z.array(Severity).min(1).default(['critical']),
    steps: z
      .array(z.strictObject({ afterMinutes: minutes, call: Callee }))
      .min(1)
      .max(20),
    repeat: z.number().int().min(0).max(5).default(0),
    remindAfterMinutes: minutes.default(240).describe('When an acknowledged incident that stays open is recalled.'),
  })
  .transform(({ severities, steps, repeat, remindAfterMinutes }) => ({
    severities,
    repeat,
    remindMs: remindAfterMinutes * minute,
    steps: steps.map(({ afterMinutes, call }) => ({ waitMs: afterMinutes * minute, call })),
  }));

export const Maintenance = z
  .strictObject({
    namespaces: z.array(pattern).min(1).default(['*']),
    schedule: z.string().refine(isSchedule, 'a cron pattern of five fields such as "0 2 * * 6"'),
    durationMinutes: minutes,
    timezone,
    reason: z.string().min(1).max(200).default('planned'),
  })
  .transform(({ durationMinutes, ...rest }) => ({ ...rest, durationMs: durationMinutes * minute }));

const calendar = {
  at: time.default('09:00'),
  timezone,
  channel: channelId.optional().describe("Where it is posted; slack.channel where it isn't set."),
};

const Digest = z.strictObject({
  ...calendar,
  days: z.array(days).min(1).default(['mon', 'tue', 'wed', 'thu', 'fri']),
});

const Hygiene = z.strictObject({ ...calendar, days: z.array(days).min(1).default(['mon']) });

/** How incidents reach people: where they are told, who is called, when nobody is, and what the day is summed up in. */
export const IncidentSettings = z
  .strictObject({
    routes: z.array(Route).default([]).describe('The first route that matches wins; slack.channel takes the rest.'),
    escalations: z
      .record(z.string(), Escalation)
      .default({})
      .describe('Who is called when nobody acknowledges, by name. `default` holds where a route names none.'),
    maintenance: z.array(Maintenance).default([]).describe('What breaks in these times is meant to.'),
    tiers: z
      .strictObject({
        high: z
          .array(pattern)
          .default([])
          .describe('Any trouble of half the pods here is critical, even while they answer.'),
        low: z.array(namespaceName.or(pattern)).default([]).describe('Nothing here is critical.'),
      })
      .prefault({}),
    digest: Digest.optional().describe('One message a day that sums up.'),
    hygiene: Hygiene.optional().describe(
      'One message a week about what should be tidied: requests, privileges, images, ConfigMaps.',
    ),
  })
  .superRefine(({ routes, escalations }, context) => {
    for (const [index, { escalation }] of routes.entries()) {
      if (escalation === undefined || Object.hasOwn(escalations, escalation)) continue;
      const path = ['routes', index, 'escalation'];
      context.addIssue({ code: 'custom', path, message: 'the name of one of incidents.escalations' });
    }
  });
