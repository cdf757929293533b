import { parseSync, visitorKeys } from 'oxc-parser';
import { isJsonObject, readArray, readPath, readString } from '../../src/core/json.ts';

export interface SourceFile {
  /** Path from the project's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Violation {
  readonly rule: string;
  readonly path: string;
  readonly detail: string;
}

/** Who may import whom, by room of `src`. A room may always import itself. */
const imports: Readonly<Record<string, readonly string[]>> = {
  core: [],
  config: ['core'],
  analysis: ['core'],
  incidents: ['core'],
  signals: ['core'],
  notifications: ['core'],
  explaining: ['core', 'analysis'],
  ops: ['core', 'analysis'],
  handlers: ['core', 'incidents', 'ops', 'notifications'],
  jobs: ['core', 'incidents', 'ops'],
  bot: ['core', 'config', 'handlers'],
  platform: ['core'],
  'pipeline.ts': ['core', 'analysis', 'incidents', 'ops', 'notifications'],
};

/** Rooms that put everything together; nobody imports them. */
const composition = ['main.ts', 'composition'];

/** Packages without I/O that any room but core may use. */
const pureLibraries = [
  'zod',
  'yaml',
  'croner',
  'diff',
  'fastest-levenshtein',
  '@prometheus-io/lezer-promql',
  '@lezer/lr',
];

/** Vendor packages by room. `@slack/types` holds types only. */
const vendors: Readonly<Record<string, readonly string[]>> = {
  core: [],
  notifications: ['@slack/types'],
  handlers: ['@slack/bolt', '@slack/types'],
  bot: ['@slack/bolt', '@slack/web-api', '@slack/socket-mode', '@slack/logger', '@slack/types'],
  jobs: ['bullmq', 'ioredis'],
  platform: [
    '@kubernetes/client-node',
    '@modelcontextprotocol/client',
    '@slack/web-api',
    '@slack/types',
    'cockatiel',
    'ioredis',
    'openai',
    'pino',
    'prom-client',
    'undici',
  ],
};

/** Rooms where the same input gives the same output: no clock, no chance. */
const pureRooms = ['core', 'analysis', 'incidents', 'explaining', 'ops'];

/** Node's own modules that a pure room may use. */
const pureBuiltins = ['node:crypto', 'node:util'];

/** The plug-in lists. */
const lists = [
  'src/analysis/detectors/index.ts',
  'src/analysis/hygiene/index.ts',
  'src/analysis/logs/signatures/index.ts',
  'src/ops/actions/index.ts',
  'src/ops/remedies/index.ts',
  'src/ops/guardrails/index.ts',
  'src/signals/sources/index.ts',
];

/** Every rule of the house about one file. */
export function checkFile(file: SourceFile): Violation[] {
  const { module, program } = parseSync(file.path, file.text);
  const specifiers = [
    ...module.staticImports.map((one) => one.moduleRequest.value),
    ...module.staticExports.flatMap((one) => one.entries.flatMap((entry) => entry.moduleRequest?.value ?? [])),
  ];
  return [
    ...specifiers.flatMap((specifier) => checkImport(file, specifier)),
    ...checkDynamicImports(file, module.dynamicImports.length),
    ...checkExpressions(file, program),
    ...checkName(file),
  ];
}

function checkImport(file: SourceFile, specifier: string): Violation[] {
  if (specifier.startsWith('node:')) return checkBuiltin(file, specifier);
  return specifier.startsWith('.') ? checkRoom(file, specifier) : checkVendor(file, roomOf(file.path), specifier);
}

/** Rooms that reach the world only through ports. */
const portRooms = [...pureRooms, 'notifications'];

function checkBuiltin(file: SourceFile, specifier: string): Violation[] {
  const reachesOut = portRooms.includes(roomOf(file.path)) && !pureBuiltins.includes(specifier);
  return reachesOut ? [violation(file, 'no-io', `imports ${specifier}`)] : [];
}

function checkRoom(file: SourceFile, specifier: string): Violation[] {
  const room = roomOf(file.path);
  const target = roomOf(resolve(file.path, specifier));
  if (target === 'demo' || target === 'test') return [violation(file, 'src-stands-alone', specifier)];
  if (composition.includes(room) || target === room) return [];
  if (composition.includes(target)) return [violation(file, 'nobody-imports-main', specifier)];
  return (imports[room] ?? []).includes(target) ? [] : [violation(file, 'rooms', `${room} imports ${target}`)];
}

function checkVendor(file: SourceFile, room: string, specifier: string): Violation[] {
  const name = specifier.startsWith('@')
    ? specifier.split('/').slice(0, 2).join('/')
    : (specifier.split('/')[0] ?? specifier);
  if (composition.includes(room)) return [];
  const allowed = room === 'core' ? ['zod'] : [...pureLibraries, ...(vendors[room] ?? [])];
  return allowed.includes(name) ? [] : [violation(file, 'vendors', `${room} imports ${name}`)];
}

function checkDynamicImports(file: SourceFile, count: number): Violation[] {
  return count === 0 ? [] : [violation(file, 'no-dynamic-import', `${count} dynamic imports`)];
}

function checkExpressions(file: SourceFile, program: unknown): Violation[] {
  const room = roomOf(file.path);
  const found: Violation[] = [];
  walk(program, (node) => {
    const member = nameMember(node);
    if (member === 'process.env' && room !== 'main.ts') found.push(violation(file, 'environment', 'reads process.env'));
    const impure =
      pureRooms.includes(room) && (['Date.now', 'Math.random', 'performance.now'].includes(member) || isBareDate(node));
    if (impure) found.push(violation(file, 'pure', 'reads the clock or chance'));
  });
  return found;
}

function nameMember(node: unknown): string {
  return `${readString(node, 'object', 'name') ?? ''}.${readString(node, 'property', 'name') ?? ''}`;
}

function isBareDate(node: unknown): boolean {
  const creates = readString(node, 'type') === 'NewExpression' && readString(node, 'callee', 'name') === 'Date';
  return creates && readArray(node, 'arguments').length === 0;
}

function checkName(file: SourceFile): Violation[] {
  const name = file.path.split('/').at(-1) ?? '';
  if (name === 'index.ts')
    return lists.includes(file.path) ? [] : [violation(file, 'lists', 'index.ts is for plug-in lists')];
  return /^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(name) ? [] : [violation(file, 'names', 'files are kebab-case nouns')];
}

/** Strongly connected files, by relative imports, types included. */
export function findCycle(files: readonly SourceFile[]): readonly string[] | undefined {
  const edges = new Map(files.map((file) => [file.path, relativeImports(file)]));
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): readonly string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return undefined;
    const cycle = (edges.get(path) ?? []).map((next) => visit(next, [...trail, path])).find((one) => one !== undefined);
    done.add(path);
    return cycle;
  };
  return files.map((file) => visit(file.path, [])).find((cycle) => cycle !== undefined);
}

function relativeImports(file: SourceFile): string[] {
  const { module } = parseSync(file.path, file.text);
  const specifiers = module.staticImports.map((one) => one.moduleRequest.value);
  return specifiers.filter((one) => one.startsWith('.')).map((one) => resolve(file.path, one));
}

/** Calls of `vi.mock` and its kin in a test. */
export function findModuleMocks(file: SourceFile): Violation[] {
  const found: Violation[] = [];
  walk(parseSync(file.path, file.text).program, (node) => {
    const name = readString(node, 'property', 'name') ?? '';
    const mocks = readString(node, 'object', 'name') === 'vi' && ['mock', 'doMock', 'hoisted'].includes(name);
    const skips =
      ['skip', 'only', 'todo', 'skipIf', 'runIf'].includes(name) &&
      ['it', 'test', 'describe'].includes(readString(node, 'object', 'name') ?? '');
    if (mocks || skips) found.push(violation(file, 'honest-tests', `${readString(node, 'object', 'name')}.${name}`));
  });
  return found;
}

function walk(node: unknown, visit: (node: unknown) => void): void {
  if (Array.isArray(node)) {
    for (const item of node) walk(item, visit);
    return;
  }
  if (!isJsonObject(node)) return;
  visit(node);
  for (const key of visitorKeys[readString(node, 'type') ?? ''] ?? []) walk(readPath(node, key), visit);
}

/** The first folder below `src`, the file itself at the top of `src`, or the top folder of anything else. */
function roomOf(path: string): string {
  const parts = path.split('/');
  return parts[0] === 'src' ? (parts[1] ?? '') : (parts[0] ?? '');
}

function resolve(from: string, specifier: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const step of specifier.split('/')) {
    if (step === '..') parts.pop();
    else if (step !== '.') parts.push(step);
  }
  return parts.join('/');
}

function violation(file: SourceFile, rule: string, detail: string): Violation {
  return { rule, path: file.path, detail };
}
