import { describe, expect, it } from 'vitest';
import { LifeguardError } from '../../../src/core/errors.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { WatchOptions } from '../../../src/core/ports/cluster-reader.ts';
import type { ConfigHistory } from '../../../src/core/ports/config-history.ts';
import { recordConfig } from '../../../src/signals/config-recorder.ts';
import { createTroubleBook } from '../../../src/signals/troubles.ts';
import { createSteppedClock } from '../../support/fakes/clock.ts';
import { createFakeConfigHistory } from '../../support/fakes/config-history.ts';

const settings = { kind: 'ConfigMap', namespace: 'shop', name: 'settings' };
const silent = { debug() {}, info() {}, error() {}, warn() {} };

interface Map {
  readonly name?: string;
  readonly keep?: string;
  readonly mode?: string;
}

function aMap({ name = 'settings', keep = 'true', mode = 'a' }: Map = {}): JsonObject {
  const annotations = keep === '' ? {} : { 'lifeguard.dev/keep-history': keep };
  return {
    metadata: { uid: name, name, namespace: 'shop', annotations },
    data: { mode },
    binaryData: { blob: 'AAEC' },
  };
}

/** Plays the API server by hand. */
function open(history: ConfigHistory = createFakeConfigHistory(), namespaces: readonly string[] = []) {
  const clock = createSteppedClock();
  const troubles = createTroubleBook(silent, clock);
  const paths: string[] = [];
  const slimmed: unknown[] = [];
  let send: (type: 'list' | 'seen' | 'gone', ...raws: readonly JsonObject[]) => void = () => undefined;
  const reader = {
    async watch<T>({ collection, slim, onList, onSeen, onGone }: WatchOptions<T>) {
      paths.push(collection.path);
      send = (type, ...raws) => {
        const items = raws.map(slim).filter((item) => item !== undefined);
        slimmed.push(...items);
        if (type === 'list') onList(items);
        else for (const item of items) (type === 'seen' ? onSeen : onGone)(item);
      };
    },
  };
  const { signal } = new AbortController();
  void recordConfig({ reader, history, troubles, clock, namespaces, signal });
  /** Lets time pass, and what it began come to an end. */
  async function pass(ms = 0): Promise<void> {
    clock.advance(ms);
    for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
  }
  const modes = async (ref = settings) => (await history.read(ref)).map(({ content }) => content.data['mode']);
  return { history, troubles, paths, slimmed, pass, modes, send: (...told: Parameters<typeof send>) => send(...told) };
}

describe('what a ConfigMap holds', () => {
  it('is kept where it asks for it, each content once, however often it is listed, and by whom', async () => {
    const first = open();
    first.send('list', aMap());
    first.send('seen', aMap({ mode: 'b' }));
    await first.pass();
    first.send('seen', aMap({ mode: 'b' }));
    await first.pass();
    expect(await first.modes()).toEqual(['b', 'a']);
    const next = open(first.history);
    next.send('list', aMap({ mode: 'b' }));
    await next.pass();
    expect(await next.modes()).toEqual(['b', 'a']);
    expect((await first.history.read(settings))[0]?.content.binaryData).toEqual({ blob: 'AAEC' });
  });

  it.each(['', 'false', 'yes'])('is neither kept nor handed on where the annotation is "%s"', async (keep) => {
    const recorder = open();
    const planted = ['planted', 'k3Vd9sQ1'].join('-');
    recorder.send('list', aMap({ keep, mode: planted }));
    recorder.send('seen', aMap({ keep, mode: `${planted}-again` }));
    await recorder.pass();
    expect(await recorder.modes()).toEqual([]);
    expect(JSON.stringify(recorder.slimmed)).toContain('settings');
    expect(JSON.stringify(recorder.slimmed)).not.toContain(planted);
  });

  it('is not kept where it is too large, which is said until it is smaller, gone or not asked for', async () => {
    const recorder = open();
    const large = aMap({ name: 'large', mode: 'x'.repeat(256 * 1024) });
    const trouble = () => recorder.troubles.all()['history of configmaps']?.problem;
    for (const end of [
      () => recorder.send('seen', aMap({ name: 'large' })),
      () => recorder.send('seen', aMap({ name: 'large', keep: '' })),
      () => recorder.send('gone', large),
      () => recorder.send('list', aMap()),
    ]) {
      recorder.send('list', large, aMap());
      expect(trouble()).toBe('More than 256 KiB, so what it holds is not kept: shop/large.');
      end();
      expect(trouble()).toBeUndefined();
    }
    await recorder.pass();
    expect(await recorder.modes()).toEqual(['a']);
    expect(JSON.stringify(recorder.slimmed).length).toBeLessThan(10_000);
  });

  it('is watched in each namespace that Lifeguard is limited to', () => {
    expect(open(undefined, ['shop', 'pay']).paths).toEqual([
      '/api/v1/namespaces/shop/configmaps',
      '/api/v1/namespaces/pay/configmaps',
    ]);
    expect(open().paths).toEqual(['/api/v1/configmaps']);
  });

  it('is renewed every day as long as it is there', async () => {
    const renewed: string[][] = [];
    const renew: ConfigHistory['renew'] = async (refs) => void renewed.push(refs.map(({ name }) => name));
    const recorder = open({ ...createFakeConfigHistory(), renew });
    recorder.send('list', aMap(), aMap({ name: 'other' }), aMap({ name: 'free', keep: '' }));
    await recorder.pass();
    await recorder.pass(24 * 3_600_000);
    recorder.send('gone', aMap());
    await recorder.pass(24 * 3_600_000);
    expect(renewed).toEqual([[], ['settings', 'other'], ['other']]);
  });
});

describe('while Redis is away', () => {
  it('the newest waits, which is said, and is kept in the end', async () => {
    const real = createFakeConfigHistory();
    let away = true;
    const keep: ConfigHistory['keep'] = async (...what) => {
      if (away) throw new LifeguardError('Redis is away.', { code: 'store-unreachable', retry: 'transient' });
      await real.keep(...what);
    };
    const recorder = open({ ...real, keep });
    recorder.send('list', aMap());
    for (const mode of ['b', 'c']) recorder.send('seen', aMap({ mode }));
    await recorder.pass(5_000);
    expect(recorder.troubles.all()).toMatchObject({ 'history of configmaps in Redis': { problem: 'Redis is away.' } });
    away = false;
    await recorder.pass(1_000);
    await recorder.pass(1_000);
    expect(await recorder.modes()).toEqual(['c', 'a']);
    expect(recorder.troubles.all()).toEqual({});
  });
});
