import { describe, expect, it } from 'vitest';
import { LifeguardError } from '../../../src/core/errors.ts';
import { createLog } from '../../../src/platform/logging/log.ts';

const secret = 'hunter2-hunter2';
const token = ['xoxb', '1234567890', 'abcdefghijkl'].join('-');
const telling = `cannot log in with password=${secret} and ${token}`;

/** A log, and what reaches its stream. */
function openLog(level = 'debug') {
  const lines: string[] = [];
  return { log: createLog({ level, stream: { write: (line) => void lines.push(line) } }), lines };
}

function circle(): object {
  const one: Record<string, unknown> = { password: secret };
  one['self'] = one;
  return one;
}

describe('no secret reaches the log', () => {
  const wrapped = new LifeguardError(telling, {
    code: 'store-unreachable',
    retry: 'transient',
    cause: new Error(telling),
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['in a field', { problem: telling }],
    ['in a field whose name says so', { password: secret, slackToken: secret, 'api-key': secret }],
    ['in a number that is a password', { password: 48_151_623_421_007 }],
    ['in a nested object', { request: { headers: { authorization: `Bearer ${secret}` } } }],
    ['in a nested object whose name says so', { database: { credentials: { password: secret } } }],
    ['in an object of a field whose name says so', { secret: { value: secret, list: [secret] } }],
    ['in a list', { lines: ['fine', telling] }],
    ['as JSON in a text', { body: JSON.stringify({ api_key: secret }) }],
    ['as JSON in a text of an object', { request: { body: JSON.stringify({ api_key: secret }) } }],
    ['in an error', { problem: new Error(telling) }],
    ['in an error of ours, with its cause', { problem: wrapped }],
    ['in an error in an object', { context: { problem: new Error(telling) } }],
    ['in an error in a list', { problems: [wrapped] }],
    ['in properties of an error', { problem: Object.assign(new Error('no'), { config: { password: secret } }) }],
    ['in a map or a set', { known: new Map([['password', secret]]), seen: new Set([telling]) }],
    ['in an address', { address: new URL(`redis://lifeguard:${secret}@localhost:6379`) }],
    ['in bytes', { body: Buffer.from(telling) }],
    ['in a circle', { around: circle() }],
    ['in the name of a field', { [telling]: 'x' }],
  ])('%s', (_where, fields) => {
    const { log, lines } = openLog();
    log.error('something failed', fields);
    expect(lines).toHaveLength(1);
    for (const leak of [secret, token, '48151623421007', [...Buffer.from(secret)].join(',')]) {
      expect(lines[0]).not.toContain(leak);
    }
  });

  it.each(['debug', 'info', 'warn', 'error'] as const)('in a message (%s)', (severity) => {
    const { log, lines } = openLog();
    log[severity](telling);
    expect(lines[0]).toContain('cannot log in with');
    expect(lines[0]).not.toContain(secret);
    expect(lines[0]).not.toContain(token);
  });
});

describe('the log', () => {
  it('is JSON lines that say what, when and how grave', () => {
    const { log, lines } = openLog();
    log.warn('Slack is away', {
      left: 3,
      since: new Date(0),
      tries: [1, 2n, null],
      nested: { ok: true, token: false },
    });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 40,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      msg: 'Slack is away',
      left: 3,
      since: '1970-01-01T00:00:00.000Z',
      tries: [1, '2', null],
      nested: { ok: true, token: false },
    });
  });

  it('says of an error what happened, without its stack or its cause', () => {
    const { log, lines } = openLog();
    const cause = new Error('the innermost detail');
    const problem = new LifeguardError('Redis is away.', { code: 'store-unreachable', retry: 'transient', cause });
    log.error('it failed', { problem, list: [new TypeError('not so')] });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      problem: { message: 'Redis is away.', code: 'store-unreachable' },
      list: [{ message: 'not so' }],
    });
    expect(lines[0]).not.toMatch(/innermost|\bat .*\.ts/);
  });

  it('never fails, whatever it is given', () => {
    const { log, lines } = openLog();
    const odd = {
      nothing: undefined,
      call: () => 1,
      sign: Symbol('s'),
      when: new Date(Number.NaN),
      bare: Object.create(null),
    };
    log.info('odd', { ...odd, circle: circle(), deep: JSON.parse(`${'['.repeat(500)}1${']'.repeat(500)}`) });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: 'odd', when: 'Invalid Date' });
  });

  it('leaves out what is below its level', () => {
    const { log, lines } = openLog('warn');
    log.debug('x');
    log.info('x');
    log.warn('y');
    expect(lines).toHaveLength(1);
  });
});
