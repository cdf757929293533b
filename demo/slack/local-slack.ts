import { controlRoute } from './control.ts';
import { createWorld, type LocalSlackOptions } from './create-world.ts';
import { Events } from './events.ts';
import { FaultSwitches } from './fault-switches.ts';
import type { OutageMode } from './faults.ts';
import {
  type Click,
  clickMessage,
  clickView,
  closeView,
  type Outcome,
  type Submission,
  submitView,
  type ViewClick,
} from './interactions.ts';
import { describeTest, type MessageTest, passes, type WaitOptions } from './message-test.ts';
import type { Message } from './messages.ts';
import { pageRoute } from './page-files.ts';
import type { Banner } from './page-state.ts';
import { type CommandLine, openHome, runCommand, type Said, type ShortcutUse, say, useShortcut } from './people.ts';
import { type LoggedCall, RequestLog } from './request-log.ts';
import { app, type Channel } from './seed.ts';
import { type Route, SlackServer } from './server.ts';
import { transcribe, transcribeView } from './transcript.ts';
import type { View } from './views.ts';
import type { Violation } from './violations.ts';
import type { World } from './world.ts';

/** Starts a Slack on 127.0.0.1 that a real Bolt app in Socket Mode takes for Slack. */
export async function startLocalSlack(options: LocalSlackOptions = {}): Promise<LocalSlack> {
  const slack = new LocalSlack(options);
  await slack.listen(options.port ?? 0);
  return slack;
}

/** The handle of tests and the demo: acts as people, looks at what they see, breaks things. */
export class LocalSlack implements AsyncDisposable {
  readonly #world: World;
  readonly #events = new Events();
  readonly #server: SlackServer;
  readonly #log: RequestLog;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly faults: FaultSwitches;
  #banner: Banner | null = null;

  constructor(options: LocalSlackOptions) {
    this.#world = createWorld(options, {
      origin: () => this.#server.origin,
      onReady: () => void this.#events.retry(this.#world),
    });
    this.#log = new RequestLog(this.#world.now, () => this.#world.changes.changed());
    this.#server = new SlackServer({
      world: this.#world,
      log: this.#log,
      pages: this.#pages(),
      origin: options.origin,
    });
    this.botToken = this.#world.tokens.bot;
    this.appToken = this.#world.tokens.app;
    this.signingSecret = this.#world.tokens.signingSecret;
    this.faults = new FaultSwitches(this.#world);
  }

  async listen(port: number): Promise<void> {
    await this.#server.listen(port);
  }

  get url(): string {
    return this.#server.origin;
  }

  /** For `clientOptions.slackApiUrl`. */
  get apiUrl(): string {
    return `${this.#server.origin}/api/`;
  }

  /** Bolt connections that have been greeted. */
  get connections(): number {
    return this.#world.sockets.count;
  }

  get requests(): readonly LoggedCall[] {
    return this.#log.calls;
  }

  get botUserId(): string {
    return app.userId;
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  click(click: Click | ViewClick): Promise<Outcome> {
    return 'ts' in click ? clickMessage(this.#world, click) : clickView(this.#world, click);
  }

  submit(submission: Submission): Promise<Outcome> {
    return submitView(this.#world, submission);
  }

  closeView(closing: { readonly user: string; readonly viewId?: string; readonly all?: boolean }): Promise<Outcome> {
    return closeView(this.#world, closing);
  }

  command(line: CommandLine): Promise<Outcome> {
    return runCommand(this.#world, line);
  }

  shortcut(use: ShortcutUse): Promise<Outcome> {
    return useShortcut(this.#world, use);
  }

  say(said: Said): Promise<Message> {
    return say(this.#world, this.#events, said);
  }

  /** Says something to the bot: `@Lifeguard text`. */
  mention(said: Said): Promise<Message> {
    return this.say({ ...said, text: `<@${app.userId}> ${said.text}` });
  }

  openHome(user: string): Promise<Outcome> {
    return openHome(this.#world, this.#events, user);
  }

  /** Everything in a channel, ephemeral messages included, oldest first. */
  messages(channel: string): readonly Message[] {
    return this.#world.messages.seenBy(this.#channel(channel).id);
  }

  thread(channel: string, ts: string): readonly Message[] {
    return this.#world.messages.thread(this.#channel(channel).id, ts);
  }

  /** The topmost modal of a person. */
  lastView(user: string): View | undefined {
    return this.#world.views.top(user);
  }

  home(user: string): View | undefined {
    return this.#world.views.home(user);
  }

  notices(user: string): readonly string[] {
    return this.#world.notices.of(user).map((notice) => notice.text);
  }

  transcript(channel: string): string {
    const found = this.#channel(channel);
    return transcribe(found, this.messages(found.id), this.#world.directory);
  }

  viewTranscript(view: View): string {
    return transcribeView(view, this.#world.directory);
  }

  /** The first message, present or future, that passes. Text is looked for in `text` and in blocks. */
  waitForMessage(test: MessageTest, options: WaitOptions = {}): Promise<Message> {
    return this.waitFor(() => this.#findMessage(test), {
      ...options,
      describe: () => `a message ${describeTest(test)}; there is:\n${this.#everything()}`,
    });
  }

  /** The topmost modal of `user`, once it shows `textIncludes`. */
  waitForView(user: string, options: WaitOptions & { readonly textIncludes?: string } = {}): Promise<View> {
    const { textIncludes = '' } = options;
    const read = () => [this.lastView(user)].find((view) => view && this.viewTranscript(view).includes(textIncludes));
    return this.waitFor(read, {
      ...options,
      describe: () => `a modal of ${user} with ${JSON.stringify(textIncludes)}`,
    });
  }

  waitForHome(user: string, options: WaitOptions & { readonly textIncludes?: string } = {}): Promise<View> {
    const { textIncludes = '' } = options;
    const read = () => [this.home(user)].find((view) => view && this.viewTranscript(view).includes(textIncludes));
    return this.waitFor(read, {
      ...options,
      describe: () => `a home tab of ${user} with ${JSON.stringify(textIncludes)}`,
    });
  }

  waitForConnections(count: number, options: WaitOptions = {}): Promise<true> {
    const { sockets } = this.#world;
    const read = () => (sockets.count === count && sockets.settledCount === count ? true : undefined);
    return this.waitFor(read, { ...options, describe: () => `${count} connections; there are ${this.connections}` });
  }

  /** The first value that is not undefined, looked for now and after each change. No polling. */
  waitFor<T>(read: () => T | undefined, options: WaitOptions & { readonly describe?: () => string } = {}): Promise<T> {
    const { timeoutMs = 120_000, describe = () => 'a change' } = options;
    return this.#world.changes.waitFor(read, { timeoutMs, describe });
  }

  violations(): readonly Violation[] {
    return this.#world.violations.list;
  }

  /** Throws when the app did something a real workspace would punish. `except` names kinds a test provokes on purpose. */
  assertNoViolations(except: readonly Violation['kind'][] = []): void {
    const found = this.violations().filter((violation) => !except.includes(violation.kind));
    if (found.length === 0) return;
    throw new Error(`Slack rules broken:\n${found.map((one) => `  ${one.kind}: ${one.detail}`).join('\n')}`);
  }

  /** Breaks or mends everything at once: HTTP answers 503 (or resets), sockets drop and cannot be opened. */
  outage(on: boolean, mode: OutageMode = 'unavailable'): void {
    this.#world.callFaults.outage = on ? mode : undefined;
    if (on) this.#world.sockets.drop();
    this.#world.changes.changed();
  }

  /** Sends everything by signed HTTP to this URL instead of the sockets. */
  async deliverTo(requestUrl: string): Promise<void> {
    await this.#world.route.useRequestUrl(requestUrl);
  }

  setBanner(banner: Banner | null): void {
    this.#banner = banner;
    this.#world.changes.changed();
  }

  #pages(): Route {
    const control = controlRoute({
      world: this.#world,
      events: this.#events,
      extras: () => ({ banner: this.#banner, calls: this.#log.calls }),
      setOutage: (on) => this.outage(on),
    });
    return async (request, response, url) =>
      (await control(request, response, url)) || (await pageRoute(request, response, url));
  }

  #channel(reference: string): Channel {
    const channel = this.#world.directory.findChannel(reference);
    if (channel === undefined) throw new Error(`no channel ${reference}`);
    return channel;
  }

  #findMessage(test: MessageTest): Message | undefined {
    const wanted = typeof test === 'function' ? undefined : test.channel;
    const channels = wanted === undefined ? this.#world.directory.channels : [this.#channel(wanted)];
    for (const channel of channels) {
      const found = this.messages(channel.id).find((message) => passes(test, message, channel.id));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #everything(): string {
    const used = this.#world.directory.channels.filter((channel) => this.messages(channel.id).length > 0);
    return used.map((channel) => this.transcript(channel.id)).join('\n') || '(no messages)';
  }
}
