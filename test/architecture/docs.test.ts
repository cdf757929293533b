import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SourceFile } from './rules.ts';

/** `[words](target)`, and pictures. */
const link = /\]\(([^)\s]+)\)/g;

/** `test/unit/ops/x.test.ts`, named by its path from the project's root; `<name>` and `*` stand for any. */
const mention = /`((?:bench|demo|docs|helm|scripts|src|test)\/[^`\s]*)`/g;

/** What a page names that is not there. */
function findStale({ path, text }: SourceFile): readonly string[] {
  const links = targetsIn(text, link)
    .filter((target) => !/^(?:[a-z]+:|#)/.test(target))
    .map((target) => join(dirname(path), target.replace(/#.*$/, '')));
  const mentions = targetsIn(text, mention).map((target) => target.replaceAll(/<[^>]+>/g, '*'));
  return [...links, ...mentions].filter((target) => !isThere(target));
}

function targetsIn(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map(([, target = '']) => target);
}

function isThere(path: string): boolean {
  return path.includes('*') ? globSync(path).length > 0 : existsSync(path);
}

const pages = globSync('{*,docs/**/*}.md').map((path) => ({ path, text: readFileSync(path, 'utf8') }));

describe('the pages', () => {
  it('name only what is there', () => {
    expect(pages.length).toBeGreaterThan(50);
    expect(pages.flatMap((page) => findStale(page).map((target) => `${page.path}: ${target}`))).toEqual([]);
  });

  it('name the tests of the promises by their whole path', () => {
    const named = targetsIn(readFileSync('docs/safety.md', 'utf8'), /`([^`]*\.test\.ts)`/g);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !path.startsWith('test/'))).toEqual([]);
  });
});

describe('a planted violation is seen', () => {
  it.each([
    ['a link', 'see [it](gone.md#part)', 'docs/gone.md'],
    ['a picture', '![it](../images/gone.png)', 'images/gone.png'],
    ['a test', 'shown by `test/unit/ops/gone.test.ts`', 'test/unit/ops/gone.test.ts'],
    ['a folder of files to come', 'in `src/gone/<name>.ts`', 'src/gone/*.ts'],
  ])('%s', (_what, text, stale) => {
    expect(findStale({ path: 'docs/page.md', text })).toEqual([stale]);
  });

  it('and nothing else is', () => {
    const text =
      '[a](https://x.example/y.md) [b](#part) [c](safety.md#a) `src/ops/judge.ts` `src/ops/actions/<name>.ts`';
    expect(findStale({ path: 'docs/page.md', text })).toEqual([]);
  });
});
