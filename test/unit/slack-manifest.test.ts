import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

/** The parts of Slack's manifest schema 2.0.0 that are used, as strict as it is. */
const scope = z.enum([
  'app_mentions:read',
  'channels:history',
  'channels:read',
  'chat:write',
  'commands',
  'files:write',
  'groups:history',
  'groups:read',
  'im:history',
  'im:write',
  'usergroups:read',
  'users:read',
]);
const Manifest = z.strictObject({
  _metadata: z.strictObject({ major_version: z.literal(2), minor_version: z.number().int() }),
  display_information: z.strictObject({
    name: z.string().min(1).max(35),
    description: z.string().min(1).max(140),
    background_color: z.string().regex(/^#[0-9a-f]{6}$/),
  }),
  features: z.strictObject({
    app_home: z.strictObject({
      home_tab_enabled: z.boolean(),
      messages_tab_enabled: z.boolean(),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    bot_user: z.strictObject({ display_name: z.string().min(1).max(80), always_online: z.boolean() }),
    slash_commands: z
      .array(
        z.strictObject({
          command: z.string().regex(/^\/[a-z0-9_-]{1,31}$/),
          description: z.string().min(1).max(2_000),
          usage_hint: z.string().max(1_000),
          should_escape: z.boolean(),
          url: z.url().optional(),
        }),
      )
      .max(50),
  }),
  oauth_config: z.strictObject({
    scopes: z.strictObject({ bot: z.array(scope).max(255), bot_optional: z.array(scope) }),
  }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({
      request_url: z.url().optional(),
      bot_events: z.array(z.enum(['app_home_opened', 'app_mention'])).max(100),
    }),
    interactivity: z.strictObject({ is_enabled: z.boolean(), request_url: z.url().optional() }),
    org_deploy_enabled: z.boolean(),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.boolean(),
  }),
});

/** The scope each Web API method needs; null for none. Source: the methods' pages on docs.slack.dev. */
const scopeOf: Readonly<Record<string, string | null>> = {
  'auth.test': null,
  'chat.postMessage': 'chat:write',
  'chat.postEphemeral': 'chat:write',
  'chat.update': 'chat:write',
  'chat.getPermalink': null,
  'conversations.history': 'channels:history',
  'conversations.replies': 'channels:history',
  'files.uploadV2': 'files:write',
  'usergroups.users.list': 'usergroups:read',
  'users.info': 'users:read',
  'views.open': null,
  'views.publish': null,
  'views.update': null,
};

const call = /\bclient\.((?:auth|chat|conversations|files|usergroups|users|views)(?:\.users)?\.[a-zA-Z0-9]+)\(/g;

function methodsUsed(): readonly string[] {
  const texts = globSync('src/{bot,handlers,platform/slack}/**/*.ts').map((path) => readFileSync(path, 'utf8'));
  return [...new Set(texts.flatMap((text) => [...text.matchAll(call)].map(([, method = '']) => method)))];
}

describe('slack-manifest.json', () => {
  const raw: unknown = JSON.parse(readFileSync('slack-manifest.json', 'utf8'));
  const manifest = Manifest.parse(raw);
  const { bot, bot_optional: optional } = manifest.oauth_config.scopes;

  it('is for Socket Mode, with buttons and the home tab, and arguments escaped', () => {
    expect(manifest.settings.socket_mode_enabled).toBe(true);
    expect(manifest.settings.interactivity.is_enabled).toBe(true);
    expect(manifest.features.app_home.home_tab_enabled).toBe(true);
    expect(manifest.features.slash_commands).toEqual([
      expect.objectContaining({ command: '/kube', should_escape: true }),
    ]);
    expect(manifest.settings.event_subscriptions.bot_events).toEqual(['app_home_opened', 'app_mention']);
  });

  it('asks for a scope for every method that is called', () => {
    const methods = methodsUsed();
    expect(methods).toContain('users.info');
    expect(methods.filter((method) => scopeOf[method] === undefined)).toEqual([]);
    const needed = methods.map((method) => scopeOf[method] ?? 'commands');
    expect(needed.filter((one) => !bot.some((granted) => granted === one))).toEqual([]);
  });

  it('asks for nothing else than the methods, the command, mentions and private channels need', () => {
    const needed = methodsUsed().map((method) => scopeOf[method]);
    const others = ['app_mentions:read', 'commands', 'groups:history'];
    expect(bot.filter((one) => !needed.includes(one) && !others.includes(one))).toEqual([]);
  });

  it('optional scopes are among the scopes', () => {
    expect(optional.filter((one) => !bot.includes(one))).toEqual([]);
  });

  it.each([
    ['a name that is too long', { display_information: { ...manifest.display_information, name: 'x'.repeat(36) } }],
    [
      'a description that is too long',
      { display_information: { ...manifest.display_information, description: 'x'.repeat(141) } },
    ],
    ['an unknown key', { surprise: true }],
  ])('%s would not be accepted', (_what, change) => {
    expect(Manifest.safeParse({ ...manifest, ...change }).success).toBe(false);
  });
});

it('slack-manifest-http.json is the same with one address for everything, and no socket', () => {
  const [socket, http] = ['slack-manifest.json', 'slack-manifest-http.json'].map((path) =>
    Manifest.parse(JSON.parse(readFileSync(path, 'utf8'))),
  );
  const url = 'https://lifeguard.example.com/slack/events';
  expect(http?.settings.socket_mode_enabled).toBe(false);
  expect(http?.features.slash_commands.map((command) => command.url)).toEqual([url]);
  expect(http?.settings.event_subscriptions.request_url).toBe(url);
  expect(http?.settings.interactivity.request_url).toBe(url);
  expect(http?.oauth_config).toEqual(socket?.oauth_config);
});
