import { type JsonObject, readString } from '../../../src/core/json.ts';
import type { Allowance } from '../limits.ts';
import type { Wire } from '../wire.ts';
import type { World } from '../world.ts';
import { ApiError, type Method } from './method.ts';
import { findMethod } from './methods.ts';

export interface ApiCall {
  readonly method: string;
  readonly token: string | undefined;
  readonly args: JsonObject;
}

/** `status` 0 means: cut the connection. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Wire;
}

/** One Web API call: armed faults, token, scopes, rate limits, then the method itself. */
export function answerCall(call: ApiCall, world: World): ApiAnswer {
  const fault = world.callFaults.take(call.method);
  if (fault?.kind === 'fail') return brokenAnswer(fault.status);
  if (fault?.kind === 'rate-limit') return limitedAnswer(fault.retryAfterSeconds);
  const answer = runMethod(call, world);
  return fault?.kind === 'lose-reply' ? brokenAnswer(fault.status) : answer;
}

function runMethod(call: ApiCall, world: World): ApiAnswer {
  try {
    const method = findMethod(call.method);
    if (method === undefined) return refuseMethod(call.method, world);
    checkToken(call.token, method, world);
    checkScopes(call, method, world);
    const waitMs = world.limits.rates ? takeToken(call, method, world) : 0;
    if (waitMs > 0) return overRate(call.method, waitMs, world);
    return okAnswer({ ok: true, ...method.call(call.args, world) }, world);
  } catch (error) {
    if (error instanceof ApiError) return refusal(error, world);
    throw error;
  }
}

function refuseMethod(name: string, world: World): ApiAnswer {
  world.violations.add('unknown-method', name);
  return okAnswer({ ok: false, error: 'unknown_method', req_method: name }, world);
}

function checkToken(token: string | undefined, method: Method, world: World): void {
  if (method.token === 'any' && method.name === 'blocks.validate') return;
  if (token === undefined || token === '') throw new ApiError('not_authed');
  const { bot, app } = world.tokens;
  if (token !== bot && token !== app) throw new ApiError('invalid_auth');
  const wanted = method.token === 'app' ? app : bot;
  if (method.token !== 'any' && token !== wanted) throw new ApiError('not_allowed_token_type');
}

function checkScopes(call: ApiCall, method: Method, world: World): void {
  const provided = world.manifest.oauth_config.scopes.bot;
  const missing = method.scopes(call.args, world).filter((scope) => !provided.includes(scope));
  if (missing.length === 0) return;
  const needed = missing.join(',');
  world.violations.add('missing-scope', `${call.method} needs ${needed}, which the manifest does not ask for`);
  throw new ApiError('missing_scope', { extra: { needed, provided: provided.join(',') } });
}

function takeToken(call: ApiCall, method: Method, world: World): number {
  const { limits, buckets } = world;
  if (method.rate === 'none') return 0;
  if (method.rate !== 'message') {
    const perMinute = limits.tiers[method.rate];
    return buckets.take(method.name, { burst: perMinute, perMinute });
  }
  const channel = readString(call.args, 'channel') ?? '';
  const inChannel: Allowance = { burst: limits.messageBurst, perMinute: limits.messagesPerSecond * 60 };
  const everywhere: Allowance = { burst: limits.messagesPerMinute, perMinute: limits.messagesPerMinute };
  return buckets.take(`message ${channel}`, inChannel) || buckets.take('message', everywhere);
}

function overRate(method: string, waitMs: number, world: World): ApiAnswer {
  world.violations.add('rate-limited', `${method} called too often`);
  return limitedAnswer(Math.max(1, Math.ceil(waitMs / 1000)));
}

function okAnswer(body: Wire, world: World): ApiAnswer {
  const scopes = world.manifest.oauth_config.scopes.bot.join(',');
  return { status: 200, headers: { 'x-oauth-scopes': scopes }, body };
}

function refusal(error: ApiError, world: World): ApiAnswer {
  const details = error.messages.length === 0 ? {} : { response_metadata: { messages: [...error.messages] } };
  return okAnswer({ ok: false, error: error.code, ...error.extra, ...details }, world);
}

function limitedAnswer(retryAfterSeconds: number | undefined): ApiAnswer {
  const headers: Record<string, string> =
    retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  return { status: 429, headers, body: { ok: false, error: 'ratelimited' } };
}

function brokenAnswer(status: number): ApiAnswer {
  return { status, headers: {}, body: { ok: false, error: 'internal_error' } };
}
