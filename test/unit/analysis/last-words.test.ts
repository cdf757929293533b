import { describe, expect, it } from 'vitest';
import { causeWithLog, findLastWords } from '../../../src/analysis/explain/last-words.ts';
import { aFinding } from '../../support/builders.ts';

describe('the line that explains', () => {
  it.each<[string, readonly string[], string]>([
    [
      'is the head of a Java stack trace',
      [
        'INFO starting',
        'Exception in thread "main" java.lang.IllegalStateException: no orders',
        '\tat shop.Pay.pay(Pay.java:12)',
        '\tat shop.Main.main(Main.java:3)',
      ],
      'Exception in thread "main" java.lang.IllegalStateException: no orders',
    ],
    [
      'is the innermost cause of a Java stack trace',
      [
        'java.lang.IllegalStateException: cannot start',
        '\tat shop.Main.main(Main.java:3)',
        'Caused by: shop.BadOrder: total is negative',
        '\tat shop.Pay.pay(Pay.java:12)',
        '\t... 3 more',
      ],
      'Caused by: shop.BadOrder: total is negative',
    ],
    [
      'is the panic of a Go program',
      [
        'panic: boom',
        '',
        'goroutine 1 [running]:',
        'main.(*shop).pay(0xc000012345)',
        '\t/app/main.go:8 +0x1d',
        'exit status 2',
      ],
      'panic: boom',
    ],
    [
      'is the error of a Node program',
      [
        '/app/index.js:3',
        "throw new Error('boom')",
        '^',
        '',
        'Error: boom',
        '    at Object.<anonymous> (/app/index.js:3:7)',
        '',
        'Node.js v24.1.0',
      ],
      'Error: boom',
    ],
    [
      'is the last line of a Python traceback',
      ['Traceback (most recent call last):', '  File "/app/main.py", line 3, in <module>', 'ValueError: boom'],
      'ValueError: boom',
    ],
    [
      'is the inner exception of a .NET program',
      [
        'Unhandled exception. System.Exception: outer',
        ' ---> System.ArgumentException: inner',
        '   at Shop.Pay() in /src/Pay.cs:line 3',
        '   --- End of inner exception stack trace ---',
        '   at Shop.Main() in /src/Main.cs:line 9',
      ],
      ' ---> System.ArgumentException: inner',
    ],
    ['is the last one where nothing is known', ['starting', 'loading', 'giving up', ''], 'giving up'],
    [
      'is the last one where there are only frames',
      ['\tat a.B.c(B.java:1)', '\tat a.B.d(B.java:2)'],
      '\tat a.B.d(B.java:2)',
    ],
    [
      'is the known one, though others follow',
      ['ERROR dial tcp payments:5432: connect: connection refused', 'shutting down', 'bye'],
      'dial tcp payments:5432: connect: connection refused',
    ],
    [
      'is the most telling of several, and the last of its kind',
      [
        'ERROR dial tcp a:1: connect: connection refused',
        'ERROR dial tcp b:2: connect: connection refused',
        'ERROR context deadline exceeded',
      ],
      'dial tcp b:2: connect: connection refused',
    ],
    [
      'is no warning where there is an error',
      [
        'WARN cache is off: dial tcp redis:6379: connect: connection refused',
        "ERROR Table 'shop.orders' doesn't exist",
      ],
      "Table 'shop.orders' doesn't exist",
    ],
    [
      'is no warning of a logger that writes JSON',
      [
        '{"level":"warn","msg":"cache is off","error":"dial tcp redis:6379: connect: connection refused"}',
        '{"level":"error","msg":"cannot price the cart","error":"certificate has expired"}',
        '{"level":"info","msg":"dial tcp redis:6379: connect: connection refused, as before"}',
      ],
      'cannot price the cart: certificate has expired',
    ],
    [
      'is what the last error says, though milder lines follow it',
      ['2026-03-02 10:00:00 ERROR [main] shop.Cart: prices are stale', 'INFO shutting down', 'bye'],
      'prices are stale',
    ],
    [
      'is the innermost error of a trace that a logger wrote into a field',
      [
        '{"level":"error","msg":"no price","stack_trace":"shop.NoPrice: 7\\n\\tat shop.A.b(A.java:1)\\nCaused by: shop.NoRate: CHF"}',
      ],
      'Caused by: shop.NoRate: CHF',
    ],
  ])('%s', (_which, log, line) => {
    expect(findLastWords(log)?.line).toBe(line);
  });

  it('is none of an empty log', () => {
    expect(findLastWords(['', '  '])).toBeUndefined();
  });
});

describe('the cause', () => {
  const finding = aFinding({ cause: 'Container app exits with code 1.' });

  it('says what the log is known to mean, then quotes it without its time', () => {
    const log = ['2026-03-02T10:00:00.123Z ERROR dial tcp payments:5432: connect: connection refused', 'bye'];
    expect(causeWithLog(finding, findLastWords(log))).toBe(
      [
        'Container app exits with code 1.',
        'It cannot connect: payments:5432 refuses connections.',
        'Its log says: “dial tcp payments:5432: connect: connection refused”',
      ].join('\n'),
    );
  });

  it.each(['2026-03-02T10:00:00Z INFO app 1.1.0 starting', '{"level":"debug","msg":"app 1.1.0 starting"}'])(
    'does not put it down to a line that tells of no trouble: %s',
    (line) => {
      expect(causeWithLog(finding, findLastWords([line]))).toBe(
        `${finding.cause}\nIts log ends with: “app 1.1.0 starting”`,
      );
    },
  );

  it('quotes at most 200 characters', () => {
    expect(causeWithLog(finding, { line: 'x'.repeat(1_000) })).toMatch(/“x{199}…”$/);
  });

  it('leaves out the progress that curl draws before its error', () => {
    const line =
      '  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0curl: (6) Could not resolve host: db';
    expect(causeWithLog(finding, { line })).toContain('Its log says: “curl: (6) Could not resolve host: db”');
  });

  it('is what it was where the log says nothing', () => {
    expect(causeWithLog(finding, undefined)).toBe(finding.cause);
  });
});
