import { expect, test } from 'vitest';
import { createRecordReader } from '../../../../src/analysis/logs/records.ts';
import type { LogRecord } from '../../../../src/core/log-record.ts';
import { readRecords, receivedAt } from '../../../support/log-records.ts';

type Case = readonly [name: string, level: LogRecord['level'], lines: readonly string[]];

/** Each is one record between two others. */
const traces: readonly Case[] = [
  [
    'Java, its exception on a line of its own',
    'error',
    [
      '2026-11-29 22:55:18,123 ERROR [main] a.b.C - request failed',
      'java.lang.IllegalStateException: pool is closed',
      '\tat a.b.C.d(C.java:1)',
      'Caused by: java.io.IOException: broken',
      '\tat a.b.E.f(E.java:2)',
      '\t... 23 more',
    ],
  ],
  [
    'klog with an error of several lines',
    'error',
    [
      'E1129 22:55:18.123456       1 file.go:123] "Sync failed" pod="default/web" err=<',
      '\tcannot connect:',
      '\tconnection refused',
      ' >',
    ],
  ],
  [
    'Java, not caught',
    'error',
    ['Exception in thread "main" java.lang.Error: x', '\tat a.b.C.d(C.java:1)', '\tSuppressed: a.B: y'],
  ],
  [
    'Go with its goroutines',
    'fatal',
    [
      'panic: runtime error: invalid memory address',
      '[signal SIGSEGV: segmentation violation code=0x1]',
      '',
      'goroutine 1 [running]:',
      'main.(*Server).serve(0xc000010000, {0x1, 0x2})',
      '\t/app/main.go:10 +0x1d',
      'created by main.main in goroutine 1',
      '\t/app/main.go:3 +0x1a',
      '',
      'goroutine 7 [select]:',
      'net/http.(*conn).serve(...)',
      '\t/usr/lib/go/src/net/http/server.go:1',
      'exit status 2',
    ],
  ],
  [
    'Go, caught by its HTTP server',
    'error',
    ['2026/11/29 22:55:18 http: panic serving 10.0.0.1:1: boom', 'goroutine 3 [running]:', 'main.f()', '\t/app/a.go:1'],
  ],
  [
    'Python, one exception while another was handled',
    'error',
    [
      'Traceback (most recent call last):',
      '  File "a.py", line 1, in <module>',
      '    f()',
      "KeyError: 'x'",
      '',
      'During handling of the above exception, another exception occurred:',
      '',
      'Traceback (most recent call last):',
      '  File "a.py", line 3, in <module>',
      'app.errors.Broken: no x',
    ],
  ],
  [
    'Python behind a line of its logger',
    'error',
    ['ERROR:root:request failed', 'Traceback (most recent call last):', '  File "a.py", line 1', 'ValueError'],
  ],
  [
    'Node, not caught',
    'error',
    [
      '/app/index.js:10',
      "    throw new Error('x');",
      '          ^',
      '',
      'Error: x',
      '    at f (/app/index.js:10:3) {',
      "  code: 'E'",
      '}',
      '',
      'Node.js v24.1.0',
    ],
  ],
  ['V8', 'error', ['TypeError: x is not a function', '    at f (/app/a.js:1:2)', '    at async g (/app/a.js:2:2)']],
  [
    '.NET',
    'error',
    [
      'Unhandled exception. System.InvalidOperationException: x',
      ' ---> System.IO.IOException: y',
      '   at A.B() in /src/a.cs:line 1',
      '   --- End of inner exception stack trace ---',
      '--- End of stack trace from previous location ---',
      '   at A.Main()',
    ],
  ],
  ['Ruby', 'error', ["/app/a.rb:10:in 'f': gone (RuntimeError)", "\tfrom /app/a.rb:1:in '<main>'"]],
  [
    'Ruby behind a line of its logger',
    'error',
    ['E, [2026-11-29T22:55:18.1 #1] ERROR -- : x', "/app/a.rb:10:in 'f'", "app/b.rb:1:in `g'"],
  ],
  [
    'Rust',
    'fatal',
    ["thread 'main' panicked at src/main.rs:2:5:", 'index out of bounds', 'note: run with `RUST_BACKTRACE=1`'],
  ],
  [
    'PHP',
    'fatal',
    [
      'PHP Fatal error:  Uncaught Exception: x in /a.php:3',
      'Stack trace:',
      '#0 /a.php(12): f()',
      '#1 {main}',
      '  thrown',
    ],
  ],
  ['an indented continuation', 'unknown', ['settings:', '  a = 1', '\tb = 2']],
];

test.each(traces)('%s', (_, level, lines) => {
  const records = readRecords(['2026-11-29 22:55:17 INFO before', ...lines, '2026-11-29 22:55:19 INFO after']);
  expect(records.map((record) => record.message.split('\n')[0])).toEqual(['before', expect.anything(), 'after']);
  const [, joined] = records;
  expect(joined?.level).toBe(level);
  expect(joined?.message.split('\n').slice(1)).toEqual(lines.slice(1).filter((line) => line !== ''));
});

test("a message under a header of .NET's console", () => {
  expect(
    readRecords([
      'fail: App.Orders[0]',
      '      Cannot pay',
      '      System.Exception: x',
      '         at A.B()',
      'info: App.Web[14]',
      '      Ready',
    ]),
  ).toMatchObject([
    { level: 'error', message: 'Cannot pay\nSystem.Exception: x\n   at A.B()' },
    { level: 'info', message: 'Ready' },
  ]);
});

test('JSON over several lines is one record', () => {
  expect(readRecords(['{', '  "level": "error",', '  "msg": "boom"', '}', 'next'])).toMatchObject([
    { level: 'error', message: 'boom' },
    { message: 'next' },
  ]);
});

test.each([
  ['a padded header', [' INFO one', ' WARN two']],
  ['words after a trace', ['panic: x', 'serving again']],
  ['an exception of nobody', ['hello', 'a.b.CException: x']],
  ['lines of JSON', ['{"msg":"one"}', '{"msg":"two"}']],
])('%s is no continuation', (_, lines) => {
  expect(readRecords(lines)).toHaveLength(2);
});

test('a line that comes long after is no continuation', () => {
  const reader = createRecordReader();
  const lines = ['one', ' two', ' three'].map((text, index) => ({ at: receivedAt + index * 4_000, text }));
  expect(reader.push([...lines, { at: receivedAt + 30_000, text: ' four' }])).toMatchObject([
    { message: 'one\n two\n three' },
  ]);
  expect(reader.flush()).toMatchObject([{ message: ' four', at: receivedAt + 30_000 }]);
  expect(reader.flush()).toEqual([]);
});

test('a trace without end is cut and goes on as records of their own', () => {
  const frames = Array.from({ length: 1_200 }, (_, index) => `\tat a.B.c(B.java:${index})`);
  const records = readRecords(['java.lang.Error: x', ...frames]);
  expect(records.map((record) => record.message.split('\n').length)).toEqual([500, 500, 201]);
  expect(readRecords(['x', ...frames], { characters: 1_000 }).every((record) => record.message.length <= 1_000)).toBe(
    true,
  );
});

test('parts of a line, as CRI runtimes write them, are joined for each stream', () => {
  const records = readRecords([
    '2026-11-29T22:55:18.5Z stdout P one ',
    '2026-11-29T22:55:18.6Z stderr F ERROR between',
    '2026-11-29T22:55:18.7Z stdout P two ',
    '2026-11-29T22:55:18.8Z stdout F three',
    '2026-11-29T22:55:18.9Z stdout F ',
    '2026-11-29T22:55:19.0Z stdout P never ended',
  ]);
  const second = Date.UTC(2026, 10, 29, 22, 55, 18);
  expect(records).toMatchObject([
    { message: 'between', level: 'error', at: second + 600 },
    { message: 'one two three', at: second + 500 },
    { message: 'never ended', at: second + 1000 },
  ]);
});

test('lines of the json-file driver of Docker are unwrapped, and their parts joined', () => {
  const line = (log: string): string => JSON.stringify({ log, stream: 'stdout', time: '2026-11-29T22:55:18.5Z' });
  expect(readRecords([line('ERROR bo'), line('om\n'), line('{"level":"warn","msg":"low"}\n')])).toMatchObject([
    { level: 'error', message: 'boom', at: Date.UTC(2026, 10, 29, 22, 55, 18, 500) },
    { level: 'warning', message: 'low' },
  ]);
});

test('a line of a megabyte is cut, one of JSON is read', () => {
  const [text] = readRecords([`ERROR ${'x'.repeat(1_000_000)}`]);
  expect(text).toMatchObject({ level: 'error' });
  expect(text?.message.length).toBe(32_762);
  const [json] = readRecords([JSON.stringify({ level: 'error', msg: 'boom', body: 'x'.repeat(1_000_000) })]);
  expect(json).toMatchObject({ level: 'error', message: 'boom', fields: { body: 'x'.repeat(4_096) } });
});

test('bytes that are no text stand as replacement characters', () => {
  expect(readRecords(['a\u0000b\ud800c\u001b[1mbold\u001b[0m 10 %\r20 %\r'])).toMatchObject([
    { message: 'a\ufffdb\ufffdcbold 10 % 20 %' },
  ]);
});
