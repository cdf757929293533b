import { z } from 'zod';
import type { Visitor } from './authorise.ts';
import type { Place } from './threads.ts';

/** What is read of Slack's payloads; everything else in them is ignored. */

const Id = z.string().min(1);

export const CommandPayload = z.object({
  user_id: Id,
  team_id: Id,
  enterprise_id: z.string().optional(),
  text: z.string().default(''),
});

const Interaction = z.object({
  user: z.object({ id: Id, team_id: Id.optional() }),
  team: z.object({ id: Id }).nullish(),
  enterprise: z.object({ id: Id }).nullish(),
});

export const ActionPayload = Interaction.extend({
  trigger_id: z.string().optional(),
  container: z
    .object({ message_ts: z.string().optional(), thread_ts: z.string().optional(), channel_id: z.string().optional() })
    .optional(),
  actions: z
    .array(
      z.object({
        action_id: z.string().default(''),
        value: z.string().optional(),
        selected_option: z.object({ value: z.string() }).nullish(),
      }),
    )
    .min(1),
  view: z.object({ id: Id, type: z.string(), private_metadata: z.string().default('') }).optional(),
});
export type ActionPayload = z.infer<typeof ActionPayload>;

export const ViewPayload = Interaction.extend({
  view: z.object({
    id: Id,
    callback_id: z.string().default(''),
    private_metadata: z.string().default(''),
    state: z.object({ values: z.unknown() }).optional(),
  }),
});

export const MentionEvent = z.object({
  team_id: Id,
  event_id: Id,
  event: z.object({
    user: Id.optional(),
    user_team: Id.optional(),
    team: Id.optional(),
    text: z.string().default(''),
    channel: Id,
    ts: z.string(),
    thread_ts: z.string().optional(),
    bot_id: z.string().optional(),
  }),
});
export type MentionEvent = z.infer<typeof MentionEvent>;

export const HomeEvent = z.object({
  team_id: Id,
  event: z.object({ user: Id, tab: z.string().optional() }),
});

export function visitorOfCommand(payload: z.infer<typeof CommandPayload>): Visitor {
  return visitor(payload.user_id, payload.team_id, payload.enterprise_id);
}

/** The person's own workspace counts where Slack names one: in a shared channel the team of the click may be ours. */
export function visitorOfInteraction({ user, team, enterprise }: z.infer<typeof Interaction>): Visitor {
  return visitor(user.id, user.team_id ?? team?.id ?? '', enterprise?.id);
}

export function visitorOfMention({ team_id, event }: MentionEvent): Visitor | undefined {
  return event.user === undefined || event.bot_id !== undefined
    ? undefined
    : visitor(event.user, event.user_team ?? event.team ?? team_id, undefined);
}

function visitor(userId: string, teamId: string, enterpriseId: string | undefined): Visitor {
  return enterpriseId === undefined || enterpriseId === '' ? { userId, teamId } : { userId, teamId, enterpriseId };
}

/** The message a button stands on; undefined for buttons of modals and the home tab. */
export function placeOfAction({ container = {} }: ActionPayload): Place | undefined {
  const { channel_id: channel, message_ts: ts, thread_ts: thread } = container;
  if (channel === undefined || ts === undefined) return undefined;
  return thread === undefined ? { channel, ts } : { channel, ts, thread };
}

/** The button that was pressed, or the choice in a menu. */
export function pressedOf({ actions: [pressed] }: ActionPayload): {
  readonly id: string;
  readonly value: string | undefined;
} {
  return { id: pressed?.action_id ?? '', value: pressed?.selected_option?.value ?? pressed?.value };
}
