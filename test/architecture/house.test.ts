import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { planted } from './planted.ts';
import { checkFile, findCycle, findModuleMocks, type SourceFile } from './rules.ts';

async function readFiles(pattern: string): Promise<SourceFile[]> {
  const paths = await Array.fromAsync(glob(pattern));
  return paths.filter((path) => !path.includes('fixtures')).map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

describe('the house rules hold', () => {
  it('for every file of src', async () => {
    const files = await readFiles('src/**/*.ts');
    expect(files.length).toBeGreaterThan(50);
    expect(files.flatMap(checkFile)).toEqual([]);
  });

  it('without a cycle, types included', async () => {
    expect(findCycle(await readFiles('{src,demo}/**/*.ts'))).toBeUndefined();
  });

  it('for tests: no module mocks, nothing skipped or singled out', async () => {
    const files = await readFiles('test/**/*.ts');
    expect(files.flatMap(findModuleMocks)).toEqual([]);
  });
});

describe('a planted violation is seen', () => {
  it.each(planted)('$rule: $path', ({ rule, path, text }) => {
    expect(checkFile({ path, text }).map((violation) => violation.rule)).toContain(rule);
  });

  it('cycle', () => {
    const a = { path: 'src/core/a.ts', text: "import type { B } from './b.ts';" };
    const b = { path: 'src/core/b.ts', text: "import type { A } from './a.ts';" };
    expect(findCycle([a, b])).toEqual(['src/core/a.ts', 'src/core/b.ts', 'src/core/a.ts']);
  });

  it.each(["vi.mock('./x.ts');", "it.skip('x', () => {});", "describe.only('x', () => {});"])(
    'honest-tests: %s',
    (text) => {
      expect(findModuleMocks({ path: 'test/unit/x.test.ts', text })).toHaveLength(1);
    },
  );
});
