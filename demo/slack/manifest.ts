import { z } from 'zod';

/** What the local Slack reads from an app manifest. Anything else in it is ignored here. */
export const Manifest = z.object({
  display_information: z.object({ name: z.string() }),
  features: z
    .object({
      slash_commands: z
        .array(
          z.object({
            command: z.string().startsWith('/'),
            description: z.string(),
            usage_hint: z.string().optional(),
            should_escape: z.boolean().optional(),
          }),
        )
        .default([]),
      shortcuts: z
        .array(z.object({ name: z.string(), type: z.enum(['message', 'global']), callback_id: z.string() }))
        .default([]),
    })
    .prefault({}),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()).default([]) }) }),
  settings: z
    .object({
      event_subscriptions: z.object({ bot_events: z.array(z.string()).default([]) }).prefault({}),
      interactivity: z.object({ is_enabled: z.boolean() }).prefault({ is_enabled: false }),
    })
    .prefault({}),
});
export type Manifest = z.infer<typeof Manifest>;

export const sampleManifest: Manifest = Manifest.parse({
  display_information: { name: 'Lifeguard' },
  features: {
    slash_commands: [
      {
        command: '/kube',
        description: 'Cluster status, incidents and actions',
        usage_hint: 'help | status | incidents',
        should_escape: true,
      },
    ],
    shortcuts: [{ name: 'Ask Lifeguard', type: 'message', callback_id: 'ask_about_message' }],
  },
  oauth_config: {
    scopes: {
      bot: [
        'app_mentions:read',
        'channels:history',
        'channels:read',
        'chat:write',
        'commands',
        'files:write',
        'im:history',
        'im:write',
        'usergroups:read',
        'users:read',
      ],
    },
  },
  settings: {
    event_subscriptions: { bot_events: ['app_home_opened', 'app_mention', 'message.im'] },
    interactivity: { is_enabled: true },
  },
});
