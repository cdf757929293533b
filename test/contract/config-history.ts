import { expect, it } from 'vitest';
import type { ConfigContent } from '../../src/core/config-version.ts';
import type { ConfigHistory } from '../../src/core/ports/config-history.ts';

const settings = { kind: 'ConfigMap', namespace: 'shop', name: 'settings' };

function holding(mode: string): ConfigContent {
  return { data: { mode }, binaryData: { blob: 'AAEC' } };
}

/** What every history of ConfigMaps promises. `open` answers an empty one. */
export function describeConfigHistory(open: () => Promise<ConfigHistory>): void {
  const kept = async (history: ConfigHistory) =>
    (await history.read(settings)).map(({ version, content }) => `${version} ${content.data['mode']}`);

  it('gives back what it keeps, newest first, of each by itself', async () => {
    const history = await open();
    await history.keep(settings, holding('a'), 1_000);
    await history.keep({ ...settings, uid: 'made-again' }, holding('b'), 2_000);
    await history.keep({ ...settings, namespace: 'pay' }, holding('c'), 3_000);
    expect(await history.read(settings)).toEqual([
      { version: 2, at: 2_000, content: holding('b') },
      { version: 1, at: 1_000, content: holding('a') },
    ]);
    expect(await history.read({ ...settings, name: 'other' })).toEqual([]);
  });

  it('keeps once what is seen again, as it was first seen', async () => {
    const history = await open();
    for (const at of [1_000, 2_000]) await history.keep(settings, holding('a'), at);
    await history.renew([settings, { ...settings, name: 'other' }]);
    expect(await history.read(settings)).toEqual([{ version: 1, at: 1_000, content: holding('a') }]);
  });

  it('gives a new number to what comes again after something else', async () => {
    const history = await open();
    for (const mode of ['a', 'b', 'c', 'a']) await history.keep(settings, holding(mode), 1_000);
    expect(await kept(history)).toEqual(['4 a', '3 c', '2 b']);
  });

  it('lets the oldest go beyond ten, and goes on counting', async () => {
    const history = await open();
    for (let index = 1; index <= 12; index += 1) await history.keep(settings, holding(`m${index}`), index);
    const all = await kept(history);
    expect([all.length, all[0], all.at(-1)]).toEqual([10, '12 m12', '3 m3']);
  });
}
