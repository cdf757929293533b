import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { redact, redactStrings, redactVariable } from '../../../src/core/redact.ts';
import { keyPlaceholders } from '../../../src/core/secrets/placeholder.ts';
import { findFalseHits, findMisses } from '../../support/secrets/judgement.ts';
import { lookAlikes } from '../../support/secrets/look-alikes.ts';
import { plantedSecrets } from '../../support/secrets/planted.ts';

const token = ['gh', 'p_', 'k3Vd9sQ1x7Lm2Zp8Rt4Wy6Nb0Hc5Jf3Ga1Ue'].join('');

afterEach(() => keyPlaceholders(undefined));

describe('the corpus', () => {
  const [planted, alike] = [plantedSecrets(), lookAlikes()];

  it('of planted secrets: at least 98 of 100 are wholly gone', () => {
    const misses = findMisses(planted, redact).map(({ name }) => name);
    expect(misses.length > 0.02 * planted.length ? misses : []).toEqual([]);
  });

  it('of look-alikes: at most 1 of 100 is touched', () => {
    const hits = findFalseHits(alike, redact).map(({ name, text }) => `${name}: ${redact(text)}`);
    expect(hits.length > 0.01 * alike.length ? hits : []).toEqual([]);
  });

  it('is the same when it is redacted again, with and without tags', () => {
    for (const key of [undefined, 'of this installation']) {
      keyPlaceholders(key);
      const once = [...planted, ...alike].map(({ text }) => redact(text));
      expect(once.map(redact)).toEqual(once);
    }
  });
});

describe('a placeholder', () => {
  it('says what it was, and stands for the same value everywhere', () => {
    keyPlaceholders('of this installation');
    const [bare = ''] = /\[.*\]/.exec(redact(`used ${token} for`)) ?? [];
    expect(bare).toMatch(/^\[redacted:github-token#[0-9a-f]{4}\]$/);
    expect(redact(`{"msg":"${token}"}`)).toContain(bare);
    const tags = ['DB_PASSWORD=hunter2', '{"password": "hunter2"}', 'redis://:hunter2@redis:6379'].map(
      (text) => /#[0-9a-f]{4}/.exec(redact(text))?.[0],
    );
    expect(new Set(tags).size).toBe(1);
    expect(redact('DB_PASSWORD=hunter3')).not.toContain(tags[0]);
    expect(redactVariable('DB_PASSWORD', 'hunter2')).toBe(`[redacted:password${tags[0]}]`);
  });

  it('has another tag in another installation, and none where the installation has no secret of its own', () => {
    const seen = ['one', 'two', undefined].map((key) => {
      keyPlaceholders(key);
      return redact(token);
    });
    expect(new Set(seen).size).toBe(3);
    expect(seen[2]).toBe('[redacted:github-token]');
  });
});

describe('what is around a secret', () => {
  it.each([
    [
      'an address',
      'postgres://shop:hunter2@db:5432/shop refused',
      'postgres://shop:[redacted:password]@db:5432/shop refused',
    ],
    ['JSON', '{"api_key": "hunter2", "port": 1}', '{"api_key": "[redacted:secret]", "port": 1}'],
    ['JSON in JSON', '{"m":"{\\"token\\":\\"hunter2\\"}"}', '{"m":"{\\"token\\":\\"[redacted:token]\\"}"}'],
    ['a query', 'GET /a?token=hunter2&page=2', 'GET /a?token=[redacted:token]&page=2'],
    ['a header', 'Authorization: Bearer hunter2-hunter2', 'Authorization: Bearer [redacted:authorization]'],
    ['a variable with a comma', 'DB_PASSWORD=hunter,2;3 and', 'DB_PASSWORD=[redacted:password] and'],
    [
      'a webhook',
      `https://hooks.slack.com/${'services'}/T0/B0/abcdefgh`,
      'https://hooks.slack.com/services/[redacted:webhook-url]',
    ],
    [
      'a Secret',
      'kind: Secret\nmetadata:\n  name: db\ndata:\n  user: c2hvcA==\n  tls.crt: |\n    abcd\ntype: Opaque',
      'kind: Secret\nmetadata:\n  name: db\ndata:\n  user: [redacted:secret]\n  tls.crt: |\n    [redacted:secret]\ntype: Opaque',
    ],
    [
      'a Secret as JSON',
      '{"kind":"Secret","data":{"user":"c2hvcA=="},"type":"Opaque"}',
      '{"kind":"Secret","data":{"user":"[redacted:secret]"},"type":"Opaque"}',
    ],
  ])('stays: %s', (_what, text, safe) => {
    expect(redact(text)).toBe(safe);
  });

  it('stays in plain data, also where a pattern would eat its structure', () => {
    expect(redactStrings({ a: ['password=', 'x'], b: { c: 'password=hunter2' }, d: 1, e: null })).toEqual({
      a: ['password=', 'x'],
      b: { c: 'password=[redacted:password]' },
      d: 1,
      e: null,
    });
  });
});

describe('a variable', () => {
  it.each([
    ['STRIPE_API_KEY', 'abc', '[redacted:secret]'],
    ['PGPASSWORD', 'hunter2', '[redacted:password]'],
    ['SIGNING_KEY', '0f1e2d3c4b5a69788796a5b4', '[redacted:secret]'],
    ['CRASH_AFTER_S', '2', '2'],
    ['DB_PASSWORD_FILE', '/run/secrets/db', '/run/secrets/db'],
    ['DB_PASSWORD', '$(OTHER)', '$(OTHER)'],
    ['SECRET_NAME', 'db-creds', 'db-creds'],
    ['CACHE_KEY', 'shop:v12', 'shop:v12'],
    ['DATABASE_URL', 'postgres://shop:hunter2@db/shop', 'postgres://shop:[redacted:password]@db/shop'],
  ])('%s=%s', (name, value, shown) => {
    expect(redactVariable(name, value)).toBe(shown);
  });
});

describe('takes hostile text in its stride', () => {
  const parts = [
    'secret-',
    'a',
    'a://b:',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN CERTIFICATE-----',
    'eyJ-',
    'eyJabcdefgh.',
    'sk-',
    'glpat-',
    'cookie: a=b ',
    'name: aaaaaaaa value ',
    'kind: Secret\ndata:\n',
    'kind: Secret "data":{',
    '--token-',
    'password="',
    "password '",
    'password\\',
    'PASSWORD=',
    'authorization: ',
    'bearer a',
    'basic A',
    ' -u a',
    '&sig=',
    ';pwd=',
    'a:b@tcp(',
    'http://1x@',
    'aB3xK9Qz7',
    ' ',
    '"auth":"',
  ];

  /** A pattern that backtracks takes minutes here, one that does not less than a second. */
  function timeOf(text: string): number {
    const started = process.cpuUsage();
    redact(text);
    return process.cpuUsage(started).user / 1_000;
  }

  it.each(parts)('%s', (part) => {
    expect(timeOf(part.repeat(Math.ceil(200_000 / part.length)))).toBeLessThan(2_000);
  });

  it('a megabyte of all of it', () => {
    const size = Math.ceil(1_000_000 / parts.length);
    expect(timeOf(parts.map((part) => part.repeat(Math.ceil(size / part.length))).join('\n'))).toBeLessThan(5_000);
  });

  it('also where they are mixed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...parts, '=', ':', '@', '"', '.', '\n'), { minLength: 2, maxLength: 6 }),
        (mix) => {
          const part = mix.join('');
          expect(timeOf(part.repeat(Math.ceil(100_000 / part.length)))).toBeLessThan(2_000);
        },
      ),
      { numRuns: 60 },
    );
  });
});

it('any text is the same when it is redacted again', () => {
  const pieces = fc.constantFrom(
    token,
    'password=',
    'token: ',
    '"',
    "'",
    '\\',
    ' ',
    '\n',
    '=',
    '://a:',
    '@h',
    ';',
    '[',
    ']',
    'Bearer ',
    'x1y2',
    '--secret ',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 12 })), { maxLength: 12 }), (texts) => {
      const once = redact(texts.join(''));
      expect(redact(once)).toBe(once);
    }),
    { numRuns: 2_000 },
  );
});
