import { beforeAll, describe, expect, test } from 'vitest';
import { readArray, readPath, readString } from '../../../src/core/json.ts';
import {
  type ApiStage,
  corePath,
  createConfigMap,
  done,
  eventually,
  itemsOf,
  mergePatch,
  nameOf,
  type Stage,
  versionOf,
} from './stage.ts';

const partial = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' };

/** What a field manager has set, and when. */
function written(keys: readonly string[]): object {
  const fields = Object.fromEntries(keys.map((key) => [`f:${key}`, {}]));
  const time: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  return { operation: 'Update', time, fieldsV1: { 'f:data': fields } };
}

/** Begins a watch of which nothing comes. It is told where it is, which takes a minute: the others are done meanwhile, and `describe` comes last. */
export function createBookmarkWatch() {
  let told: Promise<Bookmark> | undefined;
  return {
    begin(stage: ApiStage): void {
      told = untilBookmark(stage);
      told.catch(() => undefined);
    },
    describe(name: string): void {
      test(`${name}: watches are told about every minute where they are`, async () => {
        const bookmark = await told;
        expect(bookmark?.event).toMatchObject({ type: 'BOOKMARK', object: { kind: 'ConfigMap', apiVersion: 'v1' } });
        expect(Number(bookmark?.version)).toBeGreaterThanOrEqual(Number(bookmark?.last));
      });
    },
  };
}

interface Bookmark {
  readonly event: unknown;
  readonly version: string;
  /** The version of the last change before. */
  readonly last: string;
}

async function untilBookmark(stage: ApiStage): Promise<Bookmark> {
  const path = corePath(stage, 'configmaps');
  const since = versionOf(await done(stage, { path }));
  const last = versionOf(await createConfigMap(stage, 'elsewhere'));
  const query = `watch=true&labelSelector=watched%3Dnever&resourceVersion=${since}&allowWatchBookmarks=true&timeoutSeconds=100`;
  const [event] = await stage.api.watch(`${path}?${query}`, ({ type }) => type === 'BOOKMARK');
  return { event, version: versionOf(event?.object), last };
}

export function describeReads(name: string, stage: Stage): void {
  describe(`${name}: lists`, () => {
    const names = ['page-1', 'page-2', 'page-3', 'page-4', 'page-5'];
    function path(query: string): string {
      return `${corePath(stage(), 'configmaps')}?${query}`;
    }

    beforeAll(async () => {
      for (const [index, one] of names.entries()) {
        await createConfigMap(stage(), one, { group: 'page', parity: index % 2 === 0 ? 'even' : 'odd' });
      }
    });

    test('come page by page, as of the first page', async () => {
      const first = await done(stage(), { path: path('limit=2&labelSelector=group%3Dpage') });
      const token = readString(first, 'metadata', 'continue') ?? '';
      expect(token).not.toBe('');
      await createConfigMap(stage(), 'page-9', { group: 'page' });
      const query = `limit=2&labelSelector=group%3Dpage&continue=${encodeURIComponent(token)}`;
      const second = await done(stage(), { path: path(query) });
      const last = readString(second, 'metadata', 'continue') ?? '';
      const third = await done(stage(), {
        path: path(`limit=2&labelSelector=group%3Dpage&continue=${encodeURIComponent(last)}`),
      });
      const pages = [first, second, third].map((page) => readArray(page, 'items').map((item) => nameOf(item)));
      expect(pages).toEqual([['page-1', 'page-2'], ['page-3', 'page-4'], ['page-5']]);
      expect(new Set([first, second, third].map((page) => versionOf(page))).size).toBe(1);
      expect(readString(third, 'metadata', 'continue')).toBeUndefined();
      await done(stage(), { method: 'DELETE', path: corePath(stage(), 'configmaps', 'page-9') });
    });

    test('name their kind, their items do not', async () => {
      const list = await done(stage(), { path: path('limit=1') });
      expect([list['kind'], list['apiVersion']]).toEqual(['ConfigMapList', 'v1']);
      expect(readPath(readArray(list, 'items')[0], 'kind')).toBeUndefined();
      expect(readPath(readArray(list, 'items')[0], 'apiVersion')).toBeUndefined();
    });

    test('of metadata alone name their items too, and bring nothing of what they hold', async () => {
      const wanted = (kind: string): Readonly<Record<string, string>> => ({
        accept: `application/json;as=${kind};g=meta.k8s.io;v=v1`,
      });
      const first = { path: path('limit=2&labelSelector=group%3Dpage'), headers: wanted(`${partial.kind}List`) };
      const list = await done(stage(), first);
      expect(list).toMatchObject({ kind: 'PartialObjectMetadataList', apiVersion: partial.apiVersion });
      expect(readString(list, 'metadata', 'continue')).not.toBeUndefined();
      const items = readArray(list, 'items');
      expect(items.map((item) => nameOf(item))).toEqual(['page-1', 'page-2']);
      for (const item of items)
        expect(Object.keys(Object(item)).toSorted()).toEqual(['apiVersion', 'kind', 'metadata']);
      expect(items[0]).toMatchObject({ ...partial, metadata: { managedFields: [written(['color', 'size'])] } });
      const refused = await stage().api.call({ ...first, headers: wanted(partial.kind) });
      expect([refused.status, refused.body['reason']]).toEqual([406, 'NotAcceptable']);
    });

    test('say how many objects are left', async () => {
      // Controllers put some of their own into a namespace.
      await eventually(async () => {
        const list = await done(stage(), { path: path('limit=2') });
        const all = await itemsOf(stage(), corePath(stage(), 'configmaps'));
        expect(readPath(list, 'metadata', 'remainingItemCount')).toBe(all.length - 2);
      });
    });

    test.each([
      ['labelSelector=group%3Dpage,parity%3Deven', ['page-1', 'page-3', 'page-5']],
      ['labelSelector=group%3Dpage,parity%21%3Deven', ['page-2', 'page-4']],
      ['labelSelector=parity+in+(odd,none)', ['page-2', 'page-4']],
      ['labelSelector=group,parity+notin+(odd)', ['page-1', 'page-3', 'page-5']],
      ['labelSelector=group,%21parity', []],
      ['fieldSelector=metadata.name%3Dpage-2', ['page-2']],
    ])('select by %s', async (query, expected) => {
      const items = await itemsOf(stage(), path(query));
      expect(items.map((item) => nameOf(item))).toEqual(expected);
    });
  });

  describe(`${name}: watches`, () => {
    function watchPath(query: string): string {
      return `${corePath(stage(), 'configmaps')}?watch=true&labelSelector=watched%3Dyes&${query}`;
    }

    async function change(one: string, body: object): Promise<string> {
      const path = corePath(stage(), 'configmaps', one);
      return versionOf(
        await done(stage(), { method: 'PATCH', path, body, contentType: 'application/merge-patch+json' }),
      );
    }

    test('bring every change since a version, in order, and end in time', async () => {
      const since = versionOf(await done(stage(), { path: corePath(stage(), 'configmaps') }));
      const added = versionOf(await createConfigMap(stage(), 'seen', { watched: 'yes' }));
      const changed = await change('seen', { data: { color: 'blue' } });
      await createConfigMap(stage(), 'unseen', { watched: 'no' });
      await done(stage(), { method: 'DELETE', path: corePath(stage(), 'configmaps', 'seen') });
      const path = watchPath(`resourceVersion=${since}&timeoutSeconds=30`);
      const events = await stage().api.watch(path, ({ type }) => type === 'DELETED');
      const [first, second, third] = events;
      expect(events.map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
      expect([first, second].map((event) => versionOf(event?.object))).toEqual([added, changed]);
      expect(first?.object).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1', data: { color: 'red' } });
      expect(Number(versionOf(third?.object))).toBeGreaterThan(Number(changed));
      expect(third?.object).toMatchObject({ data: { color: 'blue' } });
      const over = versionOf(third?.object);
      expect(await stage().api.watch(watchPath(`resourceVersion=${over}&timeoutSeconds=1`))).toEqual([]);
    });

    test('of metadata alone say who wrote what and when, but not that a key was taken from another manager', async () => {
      const since = versionOf(await createConfigMap(stage(), 'told', { watched: 'yes' }));
      const path = `${corePath(stage(), 'configmaps', 'told')}?fieldManager=`;
      const write = async (manager: string, data: object): Promise<void> => {
        const request = { method: 'PATCH', path: path + manager, body: { data }, contentType: mergePatch } as const;
        await done(stage(), request);
      };
      await write('other', { size: null });
      await write('other', { color: 'blue' });
      await done(stage(), { method: 'DELETE', path: corePath(stage(), 'configmaps', 'told') });
      const headers = { accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1' };
      const query = `resourceVersion=${since}&timeoutSeconds=30`;
      const events = await stage().api.watch({ path: watchPath(query), headers }, ({ type }) => type === 'DELETED');
      expect(events.map(({ type }) => type)).toEqual(['MODIFIED', 'MODIFIED', 'DELETED']);
      expect(JSON.stringify(events)).not.toMatch(/"data"|blue/);
      const [taken, changed] = events.map(({ object }) => object);
      expect(taken).toMatchObject({ ...partial, metadata: { managedFields: [written(['color'])] } });
      const managers = readArray(changed, 'metadata', 'managedFields').map((entry) => readString(entry, 'manager'));
      expect(managers).toContain('other');
    });

    test('show an object that comes to match as added, one that ceases to as deleted', async () => {
      const since = versionOf(await createConfigMap(stage(), 'turning', { watched: 'no' }));
      await change('turning', { metadata: { labels: { watched: 'yes' } } });
      await change('turning', { metadata: { labels: { watched: 'no' } } });
      const events = await stage().api.watch(
        watchPath(`resourceVersion=${since}&timeoutSeconds=30`),
        (event) => event.type === 'DELETED',
      );
      expect(events.map(({ type }) => type)).toEqual(['ADDED', 'DELETED']);
    });

    test('without a version begin with what is there, then say that this was all', async () => {
      await createConfigMap(stage(), 'present', { watched: 'yes' });
      const query = 'allowWatchBookmarks=true&timeoutSeconds=30';
      const events = await stage().api.watch(watchPath(query), ({ type }) => type === 'BOOKMARK');
      expect(events.map(({ type }) => type)).toEqual(['ADDED', 'BOOKMARK']);
      expect(nameOf(events[0]?.object)).toBe('present');
      expect(readPath(events[1]?.object, 'metadata', 'annotations')).toEqual({ 'k8s.io/initial-events-end': 'true' });
    });
  });
}
