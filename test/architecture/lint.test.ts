import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isJsonObject, readArray, readString } from '../../src/core/json.ts';

const run = promisify(execFile);

/** A planted violation for each lint rule the house relies on: the code that must fail, by rule. */
const planted: Readonly<Record<string, string>> = {
  'max-lines': Array.from({ length: 301 }, (_, line) => `export const a${line} = ${line};`).join('\n'),
  'max-lines-per-function': `export function f(): number {\n${Array.from({ length: 61 }, (_, line) => `  const a${line} = ${line};`).join('\n')}\n  return a60;\n}`,
  'max-params': 'export function f(a: number, b: number, c: number, d: number): number { return a + b + c + d; }',
  'max-depth':
    'export function f(a: boolean): number { if (a) { if (a) { if (a) { if (a) { return 1; } } } } return 2; }',
  complexity: `export function f(a: number): number { ${Array.from({ length: 10 }, (_, n) => `if (a === ${n}) return ${n};`).join(' ')} return a; }`,
  'no-console': "console.log('x');\nexport const a = 1;",
  'no-explicit-any': 'export const a: any = 1;',
  'no-non-null-assertion': 'export function f(a: string | undefined): string { return a!; }',
  'consistent-type-assertions': 'export function f(a: unknown): string { return a as string; }',
  'no-floating-promises': 'async function f(): Promise<void> {}\nexport function g(): void { f(); }',
  'no-misused-promises': 'export function f(): void { [1].forEach(async () => {}); }',
  'no-default-export': 'export default function f(): void {}',
  'ban-ts-comment': '// @ts-ignore\nexport const a: number = 1;',
};

let folder = '';
let seen: ReadonlySet<string> = new Set();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeguard-lint-'));
  const config: unknown = JSON.parse(await readFile('.oxlintrc.json', 'utf8'));
  await writeFile(
    join(folder, '.oxlintrc.json'),
    JSON.stringify(isJsonObject(config) ? { ...config, ignorePatterns: [] } : config),
  );
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { strict: true, types: [] } }));
  await Promise.all(Object.entries(planted).map(([rule, text]) => writeFile(join(folder, `${rule}.ts`), text)));
  const lint = run('node_modules/.bin/oxlint', [
    '-c',
    join(folder, '.oxlintrc.json'),
    '--type-aware',
    '--format',
    'json',
    folder,
  ]);
  const output = await lint.then(
    ({ stdout }) => stdout,
    (failed: unknown) => readString(failed, 'stdout') ?? '',
  );
  seen = new Set(readArray(JSON.parse(output), 'diagnostics').map(ruleAndFile));
});

function ruleAndFile(diagnostic: unknown): string {
  const rule = /\(([a-z-]+)\)/.exec(readString(diagnostic, 'code') ?? '')?.[1] ?? '';
  return `${rule} in ${readString(diagnostic, 'filename')?.split('/').at(-1)}`;
}

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the linter sees a planted violation of', () => {
  it.each(Object.keys(planted))('%s', (rule) => {
    expect(seen).toContain(`${rule} in ${rule}.ts`);
  });
});
