import { expect, it } from 'vitest';
import type { WholeLogs } from '../../src/core/ports/whole-logs.ts';

/** What everything that keeps long logs promises. `open` answers an empty one for three. */
export function describeWholeLogs(open: () => Promise<WholeLogs>): void {
  it('gives back what was kept, and nothing for what was not', async () => {
    const logs = await open();
    const text = Array.from(
      { length: 2_000 },
      (_, line) => `GET /orders/${line} 200 in ${line % 97} ms, naïve ☕`,
    ).join('\n');
    await logs.keep('a', text);
    expect(await logs.read('a')).toBe(text);
    expect(await logs.read('b')).toBeUndefined();
  });

  it('keeps no more than so many: the oldest goes first', async () => {
    const logs = await open();
    for (const id of ['a', 'b', 'c', 'd', 'e']) await logs.keep(id, id);
    const read = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((id) => logs.read(id)));
    expect(read).toEqual([undefined, undefined, 'c', 'd', 'e']);
  });
}
