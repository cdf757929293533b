import { expect, it } from 'vitest';
import type { LogSource, ReadLine } from '../../src/core/ports/log-source.ts';
import type { PushedLogs } from '../../src/core/ports/pushed-logs.ts';
import { failureOf } from '../support/kubernetes/failure-of.ts';

interface Opened {
  readonly logs: PushedLogs;
  readonly source: LogSource;
}

export function aLine(text: string, more: Partial<ReadLine> = {}): ReadLine {
  return { namespace: 'shop', pod: 'web-1', container: 'app', at: 1_000, text, ...more };
}

/** What every store of pushed lines promises. `open` answers an empty one where 10,000 characters may wait. */
export function describePushedLogs(open: () => Promise<Opened>): void {
  const query = { namespace: 'shop', pods: ['web-1'], from: 0, to: 10_000, limit: 10 };

  async function waitingTexts(logs: PushedLogs): Promise<readonly string[]> {
    return (await logs.take(100)).flatMap(({ lines }) => lines.map(({ text }) => text));
  }

  it('gives what was sent to the reader, oldest first, until it is forgotten', async () => {
    const { logs } = await open();
    await logs.append([aLine('one'), aLine('two', { pod: 'web-2' })]);
    await logs.append([]);
    await logs.append([aLine('three')]);
    const [first, second, ...more] = await logs.take(100);
    expect([first?.lines, second?.lines, more]).toEqual([
      [aLine('one'), aLine('two', { pod: 'web-2' })],
      [aLine('three')],
      [],
    ]);
    expect(await logs.take(1)).toEqual([first]);
    await logs.forget([first?.id ?? '']);
    await logs.forget([first?.id ?? '']);
    await logs.forget([]);
    expect(await waitingTexts(logs)).toEqual(['three']);
  });

  it('gives many lines in pieces', async () => {
    const { logs } = await open();
    await logs.append(Array.from({ length: 2_500 }, (_, index) => aLine(`${index}`)));
    const batches = await logs.take(10);
    expect(batches.map(({ lines }) => lines.length)).toEqual([1_000, 1_000, 500]);
    expect(batches[2]?.lines.at(-1)?.text).toBe('2499');
  });

  it('takes nothing where too much waits, and again once some is read', async () => {
    const { logs, source } = await open();
    for (let count = 0; count < 9; count += 1) await logs.append([aLine('x'.repeat(900))]);
    const failure = await failureOf(logs.append([aLine('y'.repeat(2_000))]));
    expect([failure.code, failure.retry, failure.retryAfterMs]).toEqual(['store-full', 'rate-limited', 5_000]);
    expect(await waitingTexts(logs)).toHaveLength(9);
    expect(await source.read({ ...query, contains: 'yyy' })).toEqual([]);
    const batches = await logs.take(4);
    await logs.forget(batches.map(({ id }) => id));
    await logs.append([aLine('y'.repeat(2_000))]);
    expect(await waitingTexts(logs)).toHaveLength(6);
  });

  it('keeps what people ask for, whether the reader has had it or not', async () => {
    const { logs, source } = await open();
    await logs.append([
      aLine('two', { at: 2_000 }),
      aLine('One timed out', { at: 1_000 }),
      aLine('aside', { at: 1_500, container: 'side' }),
      aLine('other', { pod: 'web-2' }),
      aLine('other', { namespace: 'pay' }),
    ]);
    await logs.forget((await logs.take(100)).map(({ id }) => id));
    const texts = async (more: object) => (await source.read({ ...query, ...more })).map(({ text }) => text);
    expect(await texts({})).toEqual(['One timed out', 'aside', 'two']);
    expect(await texts({ container: 'app' })).toEqual(['One timed out', 'two']);
    expect(await texts({ limit: 1 })).toEqual(['two']);
    expect(await texts({ from: 1_000, to: 2_000 })).toEqual(['One timed out', 'aside']);
    expect(await texts({ contains: 'TIMED' })).toEqual(['One timed out']);
    expect(await texts({ pods: ['web-2', 'gone'] })).toEqual(['other']);
    expect((await source.read(query))[0]).toEqual(aLine('One timed out'));
  });
}
