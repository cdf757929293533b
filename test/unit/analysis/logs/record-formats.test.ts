import { expect, test } from 'vitest';
import type { LogRecord } from '../../../../src/core/log-record.ts';
import { readRecords, receivedAt } from '../../../support/log-records.ts';

/** 22:55:18 UTC and so many milliseconds. */
function at(milliseconds: number): number {
  return Date.UTC(2026, 10, 29, 22, 55, 18, milliseconds);
}

type Case = readonly [line: string, level: LogRecord['level'], message: string, at: number];

const plain: readonly Case[] = [
  ['2026-11-29T22:55:18.123Z listening', 'unknown', 'listening', at(123)],
  ['2026-11-29T23:55:18.123+01:00 ERROR boom', 'error', 'boom', at(123)],
  ['2026-11-29 22:55:18,123 WARN boom', 'warning', 'boom', at(123)],
  ['2026-11-29T22:55:18.123Z  INFO 1 --- [main] c.e.Foo  : Started in 3 s', 'info', 'Started in 3 s', at(123)],
  ['2026-11-29 22:55:18,123 - app.db - ERROR - cannot connect', 'error', 'cannot connect', at(123)],
  ['2026-11-29 22:55:18,123 INFO [main] org.apache.mr.MRAppMaster: Created X', 'info', 'Created X', at(123)],
  [
    '2026-11-29 22:55:18,123 - INFO  [Peer[myid=1]/0:0:2181:Election@774] - New election',
    'info',
    'New election',
    at(123),
  ],
  ['22:55:18.123 [main] WARN  c.e.Foo - slow', 'warning', 'slow', at(123)],
  ['2026/11/29 22:55:18 main.go:10: listening', 'unknown', 'listening', at(0)],
  ['2026/11/29 22:55:18 [error] 29#29: *1 open() failed', 'error', 'open() failed', at(0)],
  ['2026-11-29 22:55:18.123 UTC [12] LOG:  database is ready', 'info', 'database is ready', at(123)],
  ['2026-11-29 22:55:18.123 UTC [12] app@db FATAL:  no role "x"', 'fatal', 'no role "x"', at(123)],
  ['1:M 29 Nov 2026 22:55:18.123 * Ready', 'info', 'Ready', at(123)],
  ['1:M 29 Nov 2026 22:55:18.123 # Cannot save', 'warning', 'Cannot save', at(123)],
  ['2026-11-29T22:55:18.123456Z 0 [ERROR] [MY-010119] [Server] Gone', 'error', '[MY-010119] [Server] Gone', at(123)],
  ['Nov 29 22:55:18 host sshd(pam_unix)[199]: session opened', 'unknown', 'session opened', at(0)],
  ['<34>1 2026-11-29T22:55:18.003Z host su - ID47 - su root', 'fatal', 'su root', at(3)],
  ['<30>Nov 29 22:55:18 host app[1]: hello', 'info', 'hello', at(0)],
  ['[2026-11-29 22:55:18 +0000] [7] [INFO] Booting worker', 'info', 'Booting worker', at(0)],
  ['[2026-11-29 22:55:18,123: ERROR/MainProcess] Task raised', 'error', 'Task raised', at(123)],
  ['[2026-11-29T22:55:18Z INFO  crate::web] hello', 'info', 'hello', at(0)],
  ['2026-11-29T22:55:18.123Z  INFO crate::web: hello', 'info', 'hello', at(123)],
  ['[2026-11-29T22:55:18,123][INFO ][o.e.n.Node    ] [node] started', 'info', '[node] started', at(123)],
  [
    '[2026-11-29 22:55:18,123] INFO [Server id=0] up (kafka.Server)',
    'info',
    '[Server id=0] up (kafka.Server)',
    at(123),
  ],
  ['[2026-11-29 22:55:18.123][1][info][main] [source/s.cc:4] up', 'info', '[source/s.cc:4] up', at(123)],
  ['2026-11-29 22:55:18.123 | ERROR    | app:run:10 - boom', 'error', 'boom', at(123)],
  ['2026-11-29T22:55:18Z ERR file.go:1 > boom key=value', 'error', 'boom key=value', at(0)],
  ['2026-11-29T22:55:18.123Z\tINFO\tmain\tcmd/file.go:12\tup', 'info', 'up', at(123)],
  ['2026-11-29 22:55:18.1234|ERROR|App.Orders|Cannot pay', 'error', 'Cannot pay', at(123)],
  ['[22:55:18 INF] Now listening', 'info', 'Now listening', at(0)],
  ['INFO  [main] 2026-11-29 22:55:18,123 File.java:123 - ready', 'info', 'ready', at(123)],
  ['[Sun Nov 29 22:55:18.123456 2026] [core:error] AH00128: gone', 'error', 'AH00128: gone', at(123)],
  ['[Sun Nov 29 22:55:18 2026] [notice] child ok', 'info', 'child ok', at(0)],
  ['E, [2026-11-29T22:55:18.123456 #1] ERROR -- : boom', 'error', 'boom', at(123)],
  ['I1129 22:55:18.123456       1 file.go:123] Starting', 'info', 'Starting', at(123)],
  ['E1129 22:55:18.123456       1 file.go:123] Failed: x', 'error', 'Failed: x', at(123)],
  ['ERROR:root:boom', 'error', 'boom', receivedAt],
  ['[ERROR] plugin/errors: 2 a. A: timeout', 'error', 'plugin/errors: 2 a. A: timeout', receivedAt],
  ['error: cannot open', 'error', 'cannot open', receivedAt],
  ['INFO[0000] starting', 'info', 'starting', receivedAt],
  ['app-1  | 2026-11-29 22:55:18,123 ERROR boom', 'error', 'boom', at(123)],
  ['seen 2026-11-29 22:55:18,123 at last', 'unknown', 'seen 2026-11-29 22:55:18,123 at last', receivedAt],
  ['just words', 'unknown', 'just words', receivedAt],
  ['2026-11-29 22:55:18 error connecting to db', 'error', 'error connecting to db', at(0)],
  ['2026-11-29 22:55:18 ERROR java.lang.Exception: x', 'error', 'java.lang.Exception: x', at(0)],
  ['\u001b[32mINFO\u001b[0m ready\r', 'info', 'ready', receivedAt],
];

test.each(plain)('%s', (line, level, message, time) => {
  expect(readRecords([line])).toEqual([{ at: time, level, message, fields: {} }]);
});

const structured: readonly (readonly [name: string, line: string, record: Partial<LogRecord>])[] = [
  [
    'pino',
    `{"level":50,"time":${at(123)},"pid":1,"msg":"boom","req":{"method":"GET","headers":{"a":1}},"err":{"message":"x","stack":"Error: x\\n    at f (a.js:1:2)"}}`,
    {
      at: at(123),
      level: 'error',
      message: 'boom: x\nError: x\n    at f (a.js:1:2)',
      fields: { pid: 1, 'req.method': 'GET', 'req.headers': '{"a":1}', 'err.message': 'x' },
    },
  ],
  [
    'Bunyan',
    '{"name":"app","level":40,"msg":"low","time":"2026-11-29T22:55:18.123Z","v":0}',
    { at: at(123), level: 'warning', message: 'low', fields: { name: 'app', v: 0 } },
  ],
  [
    'zap',
    `{"level":"error","ts":${at(500) / 1000},"caller":"a.go:1","msg":"sync","error":"refused","stacktrace":"main.f\\n\\t/a.go:1"}`,
    {
      at: at(500),
      level: 'error',
      message: 'sync: refused\nmain.f\n\t/a.go:1',
      fields: { caller: 'a.go:1', error: 'refused' },
    },
  ],
  [
    'logrus',
    '{"level":"fatal","msg":"gone","time":"2026-11-29T22:55:18Z","ok":true}',
    { at: at(0), level: 'fatal', message: 'gone', fields: { ok: true } },
  ],
  [
    'log4j',
    `{"instant":{"epochSecond":${at(0) / 1000},"nanoOfSecond":5},"thread":"main","level":"WARN","loggerName":"a.B","message":"low"}`,
    {
      at: at(0),
      level: 'warning',
      message: 'low',
      fields: { 'instant.nanoOfSecond': 5, thread: 'main', loggerName: 'a.B' },
    },
  ],
  [
    'ECS',
    '{"@timestamp":"2026-11-29T22:55:18.123Z","log.level":"ERROR","message":"m","error":{"message":"e","stack_trace":"E\\n\\tat x"}}',
    { at: at(123), level: 'error', message: 'm: e\nE\n\tat x', fields: { 'error.message': 'e' } },
  ],
  [
    'structlog',
    '{"event":"paid","level":"info","timestamp":"2026-11-29T22:55:18.123Z","amount":1.5}',
    { at: at(123), level: 'info', message: 'paid', fields: { amount: 1.5 } },
  ],
  [
    'Serilog',
    '{"Timestamp":"2026-11-29T22:55:18.123Z","Level":"Warning","MessageTemplate":"Hi {N}","RenderedMessage":"Hi 1"}',
    { at: at(123), level: 'warning', message: 'Hi 1', fields: { MessageTemplate: 'Hi {N}' } },
  ],
  [
    'Serilog, compact',
    '{"@t":"2026-11-29T22:55:18.123Z","@mt":"Hi {N}","N":1}',
    { at: at(123), level: 'info', message: 'Hi {N}', fields: { N: 1 } },
  ],
  [
    'MongoDB',
    '{"t":{"$date":"2026-11-29T22:55:18.123+00:00"},"s":"E","c":"NETWORK","msg":"boom","attr":{"x":1}}',
    { at: at(123), level: 'error', message: 'boom', fields: { c: 'NETWORK', 'attr.x': 1 } },
  ],
  [
    'a request in JSON that failed on the server',
    '{"level":"info","msg":"request completed","res":{"statusCode":503}}',
    { level: 'error', message: 'request completed', fields: { 'res.statusCode': 503 } },
  ],
  [
    'klog with values',
    'E1129 22:55:18.123456       1 file.go:123] "Sync failed" err="dial: refused" pod="default/web"',
    {
      at: at(123),
      level: 'error',
      message: 'Sync failed: dial: refused',
      fields: { err: 'dial: refused', pod: 'default/web' },
    },
  ],
  [
    'klog with values that are no texts',
    'I1129 22:55:18.123456       1 file.go:123] "Synced \\"web\\"" count=3 ok=true pods=["a","b"] took="1.5s"',
    {
      at: at(123),
      level: 'info',
      message: 'Synced "web"',
      fields: { count: 3, ok: true, pods: '["a","b"]', took: '1.5s' },
    },
  ],
  [
    'klog without values',
    'W1129 22:55:18.123456       1 file.go:123] "Connection refused, will retry"',
    { level: 'warning', message: 'Connection refused, will retry', fields: {} },
  ],
  [
    'klog with a text that only begins with a quote',
    'I1129 22:55:18.123456       1 file.go:123] "web" is synced: count=3 pod="default/web"',
    { level: 'info', message: '"web" is synced: count=3 pod="default/web"', fields: {} },
  ],
  [
    'klog with a text that has a value in it',
    'E1129 22:55:18.123456       1 file.go:123] cannot sync pod="default/web"',
    { level: 'error', message: 'cannot sync pod="default/web"', fields: {} },
  ],
  [
    'zap for people, with values',
    '2026-11-29T22:55:18.123Z\tERROR\tsetup\tcmd/main.go:12\tunable to start\t{"n": 1, "error": "no kind"}',
    { at: at(123), level: 'error', message: 'unable to start: no kind', fields: { n: 1, error: 'no kind' } },
  ],
  [
    'GELF',
    `{"version":"1.1","host":"a","short_message":"boom","timestamp":${at(500) / 1000},"level":3}`,
    { at: at(500), level: 'error', message: 'boom', fields: { version: '1.1', host: 'a', level: 3 } },
  ],
  ['a number that is no level', '{"msg":"next","level":1}', { level: 'unknown', fields: { level: 1 } }],
  ['JSON without a level', '{"msg":"connection refused"}', { level: 'error', message: 'connection refused' }],
  [
    'JSON that is cut off',
    '{"level":"info","msg":"con',
    { level: 'unknown', message: '{"level":"info","msg":"con', fields: {} },
  ],
  ['a field named __proto__', '{"msg":"m","__proto__":{"a":1}}', { message: 'm' }],
  [
    'logfmt',
    'time="2026-11-29T22:55:18Z" level=warning msg="a \\"b\\" c" port=80 path=/x ok=true',
    { at: at(0), level: 'warning', message: 'a "b" c', fields: { port: 80, path: '/x', ok: true } },
  ],
  [
    'logfmt behind a time, its message not quoted',
    '2026-11-29T22:55:18Z level=info msg=up and running port=80',
    { at: at(0), level: 'info', message: 'up and running', fields: { port: 80 } },
  ],
  [
    'combined access log with nginx times',
    '10.0.0.1 - - [29/Nov/2026:22:55:18 +0000] "GET /errors HTTP/1.1" 503 12 "-" "curl" 489 0.003',
    {
      at: at(0),
      level: 'error',
      message: '10.0.0.1 - - "GET /errors HTTP/1.1" 503 12 "-" "curl" 489 0.003',
      fields: { method: 'GET', path: '/errors', status: 503, bytes: 12, duration_ms: 3 },
    },
  ],
  [
    'common access log',
    '::1 - bob [29/Nov/2026:22:55:18 +0000] "POST /a HTTP/2.0" 404 -',
    { at: at(0), level: 'info', fields: { method: 'POST', path: '/a', status: 404 } },
  ],
  [
    'uvicorn',
    'INFO:     127.0.0.1:1234 - "GET / HTTP/1.1" 200 OK',
    {
      level: 'info',
      message: '127.0.0.1:1234 - "GET / HTTP/1.1" 200 OK',
      fields: { method: 'GET', path: '/', status: 200 },
    },
  ],
  [
    'Envoy',
    '[2026-11-29T22:55:18.123Z] "GET /x HTTP/1.1" 502 UF 0 91 12 - "-" "curl"',
    { at: at(123), level: 'error', fields: { method: 'GET', path: '/x', status: 502, bytes: 0 } },
  ],
];

test.each(structured)('%s', (_, line, record) => {
  const records = readRecords([line]);
  expect(records).toHaveLength(1);
  expect(records[0]).toEqual({ ...records[0], ...record });
});

test.each([
  ['its own time, when written in a local zone', '2026-11-29 17:55:18.123 INFO x', at(123)],
  ['its own time, when it was buffered for an hour', '2026-11-29T21:50:00Z INFO x', Date.UTC(2026, 10, 29, 21, 50)],
  ["the runtime's time, when the program's clock is a day behind", '2026-11-28T22:50:00Z INFO x', receivedAt],
  ["the runtime's time, when the program's clock is ahead", '2026-11-29T23:50:00Z INFO x', receivedAt],
  ["the runtime's time, when there is no such day", '2026-99-99T99:99:99Z INFO x', receivedAt],
])('%s', (_, line, time) => {
  expect(readRecords([line])[0]?.at).toBe(time);
});

test('a header without a year belongs to the nearest one', () => {
  expect(
    readRecords(['Nov 29 22:55:18 host app: x', 'I1129 22:55:18.000001 1 a.go:1] x']).map((record) => record.at),
  ).toEqual([at(0), at(0)]);
});
