import { describe, expect, it } from 'vitest';
import { describePushed, readPushed } from '../../../src/signals/pushed-logs.ts';

const now = Date.parse('2026-11-29T23:05:10Z');
const fluent = { namespace_name: 'shop', pod_name: 'web-1', container_name: 'app', labels: { app: 'web' } };
const origin = { namespace: 'shop', pod: 'web-1', container: 'app' };

function textsOf(body: string): readonly string[] {
  return readPushed(body, now).lines.map(({ text }) => text);
}

function one(record: object): unknown {
  return readPushed(JSON.stringify([record]), now).lines[0];
}

describe('records as collectors send them', () => {
  it('of Fluentd with the Kubernetes filter', () => {
    const record = {
      stream: 'stdout',
      logtag: 'F',
      message: 'order 7 failed\n',
      time: '2026-11-29T23:05:07.611264522+00:00',
      docker: { container_id: 'abc' },
      kubernetes: { ...fluent, host: 'node-1' },
    };
    expect(one(record)).toEqual({ ...origin, at: now - 2_389, text: 'order 7 failed' });
  });

  it('of Fluent Bit with the Kubernetes filter', () => {
    const record = { date: 1795993507.611264, time: 'x', stream: 'stderr', _p: 'F', log: 'boom', kubernetes: fluent };
    expect(one(record)).toEqual({ ...origin, at: now - 2_389, text: 'boom' });
  });

  it('of Vector', () => {
    const record = {
      file: '/var/log/pods/x/0.log',
      kubernetes: { container_name: 'app', pod_name: 'web-1', pod_namespace: 'shop', pod_uid: '1' },
      message: 'boom',
      source_type: 'kubernetes_logs',
      stream: 'stderr',
      timestamp: '2026-11-29T23:05:07.611264522Z',
    };
    expect(one(record)).toEqual({ ...origin, at: now - 2_389, text: 'boom' });
  });

  it.each([
    ['seconds', 1795993507],
    ['seconds in a text', '1795993507.5'],
    ['milliseconds', 1795993507611],
    ['microseconds', 1795993507611264],
    ['nanoseconds', '1795993507611264522'],
    ['a date of SQL in UTC', '2026-11-29 23:05:07.611264'],
  ])('with a time in %s', (_case, date) => {
    const line = readPushed(JSON.stringify({ date, log: 'x', kubernetes: fluent }), now).lines[0];
    expect(line?.at).toBeGreaterThanOrEqual(now - 3_000);
    expect(line?.at).toBeLessThan(now - 2_000);
  });

  it.each([[undefined], ['soon'], [null], [-1], ['2036-01-01T00:00:00Z'], [{}]])(
    'with the time %o counts as now',
    (time) => {
      expect(one({ time, log: 'x', kubernetes: fluent })).toMatchObject({ at: now });
    },
  );

  it('whose text was taken apart are their fields', () => {
    const record = { date: 1, stream: 'stdout', level: 'error', code: 7, kubernetes: fluent };
    expect(one(record)).toMatchObject({ text: '{"level":"error","code":7}' });
    expect(one({ log: { level: 'error' }, kubernetes: fluent })).toMatchObject({ text: '{"level":"error"}' });
  });
});

describe('bodies', () => {
  const line = (log: string) => JSON.stringify({ log, kubernetes: fluent });

  it('are arrays, lines, or objects one after the other', () => {
    const tricky = 'a "quoted" {brace} \\ }';
    expect(textsOf(`[${line('a')},${line(tricky)}]`)).toEqual(['a', tricky]);
    expect(textsOf(`${line('a')}\r\n\n${line(tricky)}\n`)).toEqual(['a', tricky]);
    expect(textsOf(`${line('a')}${line(tricky)}${line('b')}`)).toEqual(['a', tricky, 'b']);
    expect(textsOf(line('a'))).toEqual(['a']);
    for (const empty of ['', '\n', '[]']) expect(textsOf(empty)).toEqual([]);
  });

  it('keep what is good of them and say what is not', () => {
    const elsewhere = JSON.stringify({ log: 'x', kubernetes: { ...fluent, pod_name: '../../x' } });
    const read = readPushed(
      [line('a'), '{"log": "cut', '7', '{"log":"of nobody"}', elsewhere, line('b')].join('\n'),
      now,
    );
    expect(read.lines.map(({ text }) => text)).toEqual(['a', 'b']);
    expect(describePushed(read)).toBe(
      'Kept 2 lines. Dropped: 2 records without kubernetes.namespace_name, pod_name and container_name, 2 pieces that cannot be read as a JSON object.',
    );
  });

  it.each(['hello', '[1]', '{"log":"of nobody"}', '[{"log":'])(
    'of which nothing can be kept are refused: %s',
    (body) => {
      expect(() => readPushed(body, now)).toThrow(/^Nothing could be kept: 1 (record|piece) /);
    },
  );

  it('of far too many lines are refused, and a record of them is cut', () => {
    expect(textsOf(line('x\n'.repeat(100_000)))).toHaveLength(1_000);
    const records = Array.from({ length: 60 }, () => line('x\n'.repeat(1_000)));
    expect(() => textsOf(records.join('\n'))).toThrow('More than 50000 lines');
    expect(textsOf(line('x'.repeat(1_000_000)))[0]).toHaveLength(16_384);
  });

  it('lose their secrets, also where they span lines or colours hide them', () => {
    const key = ['-----BEGIN PRIVATE', ' KEY-----\nMIIEabc\n-----END PRIVATE', ' KEY-----'].join('');
    const texts = textsOf([line('pass\u001b[1mword=hunter22'), line(key), line('after')].join('\n'));
    expect(texts.join('\n')).not.toMatch(/hunter22|MIIE/);
    expect(texts.at(-1)).toBe('after');
  });
});
