import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Events } from './events.ts';
import { parseObject, readBody } from './http-body.ts';
import { clickMessage, clickView, closeView, type Outcome, submitView } from './interactions.ts';
import { describeState, type Extras } from './page-state.ts';
import { openHome, runCommand, say } from './people.ts';
import type { Route } from './server.ts';
import type { Wire } from './wire.ts';
import type { World } from './world.ts';

interface Control {
  readonly world: World;
  readonly events: Events;
  readonly extras: () => Extras;
  readonly setOutage: (on: boolean) => void;
}

type Post = (control: Control, body: unknown) => Promise<Wire> | Wire;

const person = { user: z.string() };
const formValues = z.record(z.string(), z.record(z.string(), z.unknown()));

const ClickBody = z.object({
  ...person,
  channel: z.string().optional(),
  ts: z.string().optional(),
  view_id: z.string().optional(),
  block_id: z.string().optional(),
  action_id: z.string().optional(),
  value: z.unknown().optional(),
  selected_option: z.unknown().optional(),
  selected_options: z.unknown().optional(),
  values: formValues.optional(),
});
const SubmitBody = z.object({ ...person, view_id: z.string(), values: formValues.default({}) });
const CloseBody = z.object({ ...person, view_id: z.string() });
const CommandBody = z.object({ ...person, channel: z.string(), text: z.string().startsWith('/') });
const SayBody = z.object({
  ...person,
  channel: z.string(),
  text: z.string().min(1),
  thread_ts: z.string().optional(),
});
const HomeBody = z.object(person);
const OutageBody = z.object({ on: z.boolean() });
const NoticeBody = z.object({ ...person, id: z.string() });

const posts: Readonly<Record<string, Post>> = {
  click: async ({ world }, body) => report(await click(world, ClickBody.parse(body))),
  submit: async ({ world }, body) => {
    const { user, view_id: viewId, values } = SubmitBody.parse(body);
    return report(await submitView(world, { user, viewId, values }));
  },
  close: async ({ world }, body) => {
    const { user, view_id: viewId } = CloseBody.parse(body);
    return report(await closeView(world, { user, viewId }));
  },
  command: async ({ world }, body) => report(await runCommand(world, CommandBody.parse(body))),
  say: async ({ world, events }, body) => {
    const { thread_ts: threadTs, ...said } = SayBody.parse(body);
    const message = await say(world, events, { ...said, threadTs });
    return { ok: true, ts: message.ts };
  },
  home: async ({ world, events }, body) => report(await openHome(world, events, HomeBody.parse(body).user)),
  outage: ({ setOutage }, body) => {
    setOutage(OutageBody.parse(body).on);
    return { ok: true };
  },
  'notice-dismiss': ({ world }, body) => {
    const { user, id } = NoticeBody.parse(body);
    return world.notices.dismiss(user, id) ? { ok: true } : { ok: false, error: 'no such notice' };
  },
};

const firstUser = 'U_ANA';
const streamEveryMs = 50;

/**
 * The web page's own API below `/_/`. Requests must come from the page itself: a foreign site that a person has open in
 * the same browser must not be able to press Approve, nor read the state through a rebound host name.
 */
export function controlRoute(control: Control): Route {
  return async (request, response, url) => {
    if (!url.pathname.startsWith('/_/')) return false;
    const name = url.pathname.slice('/_/'.length);
    if (!isOwnPage(request)) send(response, 403, { ok: false, error: 'only the local page may do this' });
    else if (request.method === 'POST') await answerPost(control, { name, request, response });
    else if (name === 'state') sendState(control, response, url.searchParams.get('user') ?? '');
    else if (name === 'stream') stream(control.world, request, response);
    else send(response, 404, { ok: false, error: 'not found' });
    return true;
  };
}

async function answerPost(
  control: Control,
  post: { readonly name: string; readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  const { name, request, response } = post;
  const run = posts[name];
  if (run === undefined) return send(response, 404, { ok: false, error: 'not found' });
  if (!(request.headers['content-type'] ?? '').startsWith('application/json')) {
    return send(response, 415, { ok: false, error: 'JSON only' });
  }
  const body = parseObject((await readBody(request)).toString('utf8'));
  try {
    send(response, 200, await run(control, body));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    send(response, 200, { ok: false, error: reason });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown error';
}

function click(world: World, body: z.infer<typeof ClickBody>): Promise<Outcome> {
  const choice = {
    user: body.user,
    blockId: body.block_id,
    actionId: body.action_id,
    value: body.selected_options ?? body.selected_option ?? body.value,
  };
  if (body.view_id !== undefined) {
    return clickView(world, { ...choice, viewId: body.view_id, values: body.values ?? {} });
  }
  return clickMessage(world, { ...choice, channel: body.channel ?? '', ts: body.ts ?? '' });
}

function report(outcome: Outcome): Wire {
  return outcome.ok ? { ok: true, response: outcome.payload } : { ok: false, error: outcome.error };
}

function sendState(control: Control, response: ServerResponse, user: string): void {
  const known = control.world.directory.user(user)?.id ?? firstUser;
  send(response, 200, describeState(control.world, known, control.extras()));
}

/** One line per change, at most one every 50 ms. */
function stream(world: World, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    timer = undefined;
    response.write(`data: ${JSON.stringify({ version: world.changes.version })}\n\n`);
  };
  tell();
  const stop = world.changes.onChange(() => {
    timer ??= setTimeout(tell, streamEveryMs);
  });
  request.on('close', () => {
    stop();
    clearTimeout(timer);
  });
}

function isOwnPage(request: IncomingMessage): boolean {
  const host = request.headers.host ?? '';
  const isLoopback = /^(127\.0\.0\.1|localhost):\d+$/.test(host) && portOf(host) === request.socket.localPort;
  const { origin } = request.headers;
  return isLoopback && (origin === undefined || origin === `http://${host}`);
}

function portOf(host: string): number {
  return Number(host.split(':').at(-1));
}

function send(response: ServerResponse, status: number, body: Wire): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
