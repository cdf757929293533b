import { describe, expect, it } from 'vitest';
import { LifeguardError } from '../../../src/core/errors.ts';
import { isJsonObject, type JsonObject, readString } from '../../../src/core/json.ts';
import type { ConfigHistory } from '../../../src/core/ports/config-history.ts';
import type { Observation } from '../../../src/core/signal.ts';
import { createConfigRecorder } from '../../../src/signals/config-recorder.ts';
import { slimConfigMap } from '../../../src/signals/slim/config-map.ts';
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

const pathOf = (name: string): string => `/api/v1/namespaces/shop/configmaps/${name}`;

function aMap({ name = 'settings', keep = 'true', mode = 'a' }: Map = {}): JsonObject {
  const annotations = keep === '' ? {} : { 'lifeguard.dev/keep-history': keep };
  return {
    metadata: { uid: name, name, namespace: 'shop', annotations },
    data: { mode },
    binaryData: { blob: 'AAEC' },
  };
}

/** As a watch of the metadata alone shows it. */
function observationOf({ metadata = {} }: JsonObject): Observation {
  const object = slimConfigMap({ metadata });
  if (object === undefined) throw new Error('it is not seen');
  return { kind: 'configMap', object };
}

/** Plays the API server by hand. */
function open(history: ConfigHistory = createFakeConfigHistory()) {
  const clock = createSteppedClock();
  const troubles = createTroubleBook(silent, clock);
  const server = new Map<string, JsonObject>();
  const fetched: string[] = [];
  let failure: LifeguardError | undefined;
  const reader = {
    async get(path: string) {
      fetched.push(path);
      await Promise.resolve();
      const found = server.get(path);
      const isGone = found === undefined;
      if (failure !== undefined) throw failure;
      if (isGone) throw new LifeguardError('It is not there.', { code: 'cluster-not-found', retry: 'permanent' });
      return found;
    },
  };
  const { signal } = new AbortController();
  const recorder = createConfigRecorder({ reader, history, troubles, clock, signal });
  const stream = { name: 'configmaps', kind: 'configMap' } as const;
  function send(type: 'list' | 'seen' | 'gone', ...raws: readonly JsonObject[]): void {
    if (type === 'list') server.clear();
    for (const raw of raws) {
      const path = pathOf(readString(raw, 'metadata', 'name') ?? '');
      if (type === 'gone') server.delete(path);
      else server.set(path, raw);
    }
    const observations = raws.map(observationOf);
    if (type === 'list') recorder.accept({ type: 'listed', stream, observations });
    else for (const observation of observations) recorder.accept({ type, stream, observation });
  }
  /** Lets time pass, and what it began come to an end. */
  async function pass(ms = 0): Promise<void> {
    clock.advance(ms);
    for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
  }
  const modes = async (ref = settings) => (await history.read(ref)).map(({ content }) => content.data['mode']);
  const fail = (next: LifeguardError | undefined): void => void (failure = next);
  return { history, troubles, server, fetched, recorder, pass, modes, send, fail };
}

describe('what a ConfigMap holds', () => {
  it('is kept where it asks for it, each content once, however often it is listed, and by whom', async () => {
    const first = open();
    first.send('list', aMap());
    await first.pass();
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

  it.each(['', 'false', 'yes'])('is not even read where the annotation is "%s"', async (keep) => {
    const recorder = open();
    recorder.send('list', aMap({ keep }), aMap({ name: 'marked' }));
    recorder.send('seen', aMap({ keep, mode: 'b' }));
    await recorder.pass();
    expect(await recorder.modes()).toEqual([]);
    expect(recorder.fetched).toEqual([pathOf('marked')]);
  });

  it('is not kept where the mark, or the ConfigMap, was taken away before it could be read', async () => {
    const recorder = open();
    for (const left of [aMap({ keep: '' }), undefined]) {
      recorder.send('list', aMap());
      if (left === undefined) recorder.server.clear();
      else recorder.server.set(pathOf('settings'), left);
      await recorder.pass();
    }
    expect(recorder.fetched).toHaveLength(2);
    expect(await recorder.modes()).toEqual([]);
    expect(recorder.troubles.all()).toEqual({});
  });

  it('is kept of one that a controller owns too, where somebody marked it', async () => {
    const recorder = open();
    const { metadata, ...rest } = aMap();
    const owner = { kind: 'Kafka', name: 'k', uid: 'k', controller: true };
    recorder.send('seen', {
      ...rest,
      metadata: { ...(isJsonObject(metadata) ? metadata : {}), ownerReferences: [owner] },
    });
    await recorder.pass();
    expect(await recorder.modes()).toEqual(['a']);
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
      await recorder.pass();
      expect(trouble()).toBe('More than 256 KiB, so what it holds is not kept: shop/large.');
      end();
      await recorder.pass();
      expect(trouble()).toBeUndefined();
    }
    expect(await recorder.modes()).toEqual(['a']);
  });

  it('of one namespace is not forgotten because another one was listed', async () => {
    const renewed: string[][] = [];
    const renew: ConfigHistory['renew'] = async (refs) => void renewed.push(refs.map(({ name }) => name));
    const { recorder, send, pass } = open({ ...createFakeConfigHistory(), renew });
    const streamOf = (namespace: string) =>
      ({ name: `configmaps ${namespace}`, kind: 'configMap', namespace }) as const;
    send('list', aMap());
    recorder.accept({ type: 'listed', stream: streamOf('pay'), observations: [] });
    await pass();
    await pass(24 * 3_600_000);
    recorder.accept({ type: 'listed', stream: streamOf('shop'), observations: [] });
    await pass(24 * 3_600_000);
    expect(renewed).toEqual([[], ['settings'], []]);
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

it('what cannot be read is tried again, which is said', async () => {
  const recorder = open();
  recorder.fail(new LifeguardError('The API is away.', { code: 'cluster-unreachable', retry: 'transient' }));
  recorder.send('list', aMap());
  await recorder.pass();
  expect(recorder.troubles.all()).toMatchObject({ 'history of configmaps': { problem: 'The API is away.' } });
  recorder.fail(undefined);
  await recorder.pass(1_000);
  expect(await recorder.modes()).toEqual(['a']);
  expect(recorder.troubles.all()).toEqual({});
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
    await recorder.pass();
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
