import { WebClient } from '@slack/web-api';
import { beforeEach, describe, expect, it } from 'vitest';
import { clientOptions } from '../../../src/platform/slack/failures.ts';
import { createFiles } from '../../../src/platform/slack/files.ts';
import { quiet } from '../../support/bolt-app.ts';
import { createSteppedClock } from '../../support/fakes/clock.ts';

const minute = 60_000;
const hour = 60 * minute;
const full = ['chat:write', 'files:write'];
const poor = ['chat:write'];

let clock = createSteppedClock();
/** What the token is good for now; Slack is away where it is undefined. */
let granted: readonly string[] | undefined;
let asked: string[] = [];

beforeEach(() => {
  clock = createSteppedClock();
  granted = full;
  asked = [];
});

/** A workspace that knows no method but the one that names the scopes of the token. */
function openFiles(scopes: readonly string[] | undefined) {
  const answer: typeof fetch = async (target) => {
    const method = new URL(new Request(target).url).pathname.replace('/api/', '');
    asked.push(method);
    if (granted === undefined) return new Response('', { status: 503 });
    const body = method === 'auth.test' ? { ok: true } : { ok: false, error: 'missing_scope' };
    return Response.json(body, { headers: { 'x-oauth-scopes': granted.join(',') } });
  };
  const client = new WebClient('xoxb-1', { ...clientOptions, logger: quiet, fetch: answer });
  return createFiles({ client, clock, scopes });
}

const file = { channel: 'C_OPS', thread: '1.000001', file: { name: 'a.log', title: 'log', text: 'one' } };

describe('whether Slack takes files', () => {
  it('is known from the start, and asked for once an hour', async () => {
    const files = openFiles(full);
    clock.advance(hour - 1);
    expect([await files.isTaken(), await files.isTaken(), asked]).toEqual([true, true, []]);
    clock.advance(1);
    granted = poor;
    expect([await files.isTaken(), await files.isTaken(), asked]).toEqual([false, false, ['auth.test']]);
  });

  it('is asked for sooner where it does not, so that who mended it sees so', async () => {
    const files = openFiles(poor);
    expect([await files.isTaken(), asked]).toEqual([false, []]);
    clock.advance(minute);
    expect([await files.isTaken(), asked]).toEqual([true, ['auth.test']]);
  });

  it('is asked for again when it refused one', async () => {
    const files = openFiles(full);
    granted = poor;
    await expect(files.attach(file)).rejects.toThrow('missing_scope');
    expect([await files.isTaken(), await files.isTaken()]).toEqual([false, false]);
    expect(asked).toEqual(['files.getUploadURLExternal', 'auth.test']);
  });

  it('is not known while Slack does not answer, and asked for at the next look', async () => {
    const files = openFiles(full);
    clock.advance(hour);
    granted = undefined;
    await expect(files.isTaken()).rejects.toThrow('503');
    granted = full;
    expect(await files.isTaken()).toBe(true);
  });

  it('is believed where Slack does not say what a token is good for', async () => {
    expect([await openFiles(undefined).isTaken(), asked]).toEqual([true, []]);
  });
});
