import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeLevel, settleLevel } from '../../../../src/analysis/logs/severity.ts';

test.each([
  '0 errors',
  'Compiled with 0 errors and 0 warnings',
  'found 0 vulnerabilities, no errors',
  'no error',
  'No errors found in 12 files',
  'error_count=0',
  'errors: 0',
  'errors=0 processed=120',
  '"errors": [], "took": 3',
  'error rate 0.00%',
  'error rate: 0%',
  'failed: 0, succeeded: 12',
  'Tests: 12 passed, 0 failed',
  'failures=0 timeouts=0',
  'sync finished err=<nil>',
  'request done error=null status=200',
  'completed without errors',
  'completed without any error in 3 s',
  'ErrorHandler initialised',
  'GlobalExceptionHandler registered',
  'Registering error handler',
  'Initializing ErrorMvcAutoConfiguration with error page /error',
  'Mapped "{[/error]}" onto BasicErrorController',
  'GET /errors',
  'opened https://status.example.com/errors/failed?last=1 for reading',
  'wrote /var/log/nginx/error.log',
  'loaded com.example.errors.ErrorMapper',
  'retrying after error recovered',
  'recovered from error in 12 ms',
  'Connection restored after failure, error resolved',
  'failover policy set to automatic',
  'exit code 0',
  'process exited with status 0',
  'exited with code 0',
  'served 500 items in 12 ms',
  'took 502 ms',
  'GET /a HTTP/1.1 200',
  'listening on port 5000',
  'starting with --fail-fast and --on-error=stop',
  'error reporting enabled',
  'health check passed: 3 ok, 0 failing',
  'connected to db-1 after 3 ms',
  'panic button service started',
  'my id = 1, error =',
  '',
])('%s: tells of no error', (message) => {
  expect(['unknown', 'info', 'warning']).toContain(judgeLevel(message));
});

test.each([
  'connection refused',
  'dial tcp 10.0.0.1:5432: connect: connection refused',
  'cannot open /data/db',
  'unable to reach upstream',
  'Could not resolve host: db',
  "couldn't find the key",
  'java.lang.IllegalStateException: pool is closed',
  'Unhandled rejection TypeError: x is not a function',
  'read timed out after 30 s',
  'context deadline exceeded',
  'command exited with code 137',
  'exit status 1',
  'upstream answered HTTP 503',
  'request failed with status code 500',
  'status=502 path=/api',
  '502 Bad Gateway',
  'open /etc/app.yaml: permission denied',
  'open /etc/app.yaml: no such file or directory',
  'write /data: no space left on device',
  '3 errors found',
  'errors: 12',
  'error rate 12.5%',
  '10 failed, 0 passed',
  'failed to load config',
  'connect ECONNREFUSED 127.0.0.1:6379',
  'bind: address already in use',
  'x509: certificate has expired',
  'no such host',
  'error while handling request',
  'Error: boom',
  'FATAL: password authentication failed for user "app"',
  'mysql: Access denied for user',
  'Traceback (most recent call last):\n  File "a.py", line 1\nKeyError: 1',
  'worker crashed',
  'No error handler could save it: connection reset by peer',
])('%s: tells of an error', (message) => {
  expect(['error', 'fatal']).toContain(judgeLevel(message));
});

test.each([
  'panic: runtime error: index out of range [3] with length 3',
  'fatal error: all goroutines are asleep - deadlock!',
  'Out of memory: Killed process 1234 (java)',
  'java.lang.OutOfMemoryError: Java heap space',
  'Segmentation fault (core dumped)',
])('%s: is fatal', (message) => {
  expect(judgeLevel(message)).toBe('fatal');
});

test.each([
  'failed to renew the lease, will retry shortly',
  'Retrying connect to server: 10.0.0.1. Already tried 3 times',
  'the option --foo is deprecated',
  'slow query: 2300 ms',
  'rate limited, backing off',
  'warning: disk almost full',
])('%s: is a warning', (message) => {
  expect(judgeLevel(message)).toBe('warning');
});

test('the level that a record gives itself wins over its words', () => {
  expect(settleLevel('info', 'connection refused')).toBe('info');
  expect(settleLevel('error', 'all is well')).toBe('error');
  expect(settleLevel(undefined, 'connection refused')).toBe('error');
  expect(settleLevel(undefined, 'all is well')).toBe('unknown');
});

test('but not over a stack trace or a panic', () => {
  expect(settleLevel('info', 'request failed\njava.lang.Error: x\n\tat a.B.c(B.java:1)')).toBe('error');
  expect(settleLevel('debug', 'panic: nil map\n\ngoroutine 1 [running]:')).toBe('error');
  expect(settleLevel('info', 'x\n    at handle (/app/a.js:1:2)')).toBe('error');
  expect(settleLevel('warning', 'x\n    at handle (/app/a.js:1:2)')).toBe('warning');
  expect(settleLevel('info', 'look at this\n  at home (today)')).toBe('info');
});

test('judging takes time in proportion to the text, whatever it holds', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('error ', '/a', 'a.', 'no ', 'fail_', '0 ', 'http://x/', '\n at a', '"" = ', 'on error '),
      (piece) => {
        const cost = (count: number): number => {
          const start = process.cpuUsage().user;
          for (let run = 0; run < 20; run += 1) judgeLevel(piece.repeat(count));
          return process.cpuUsage().user - start;
        };
        cost(100);
        expect(cost(4_000)).toBeLessThan(2_000_000);
      },
    ),
  );
});
