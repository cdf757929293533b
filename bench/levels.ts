import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createRecordReader } from '../src/analysis/logs/records.ts';
import { judgeLevel } from '../src/analysis/logs/severity.ts';
import type { LogLevel } from '../src/core/log-record.ts';
import { median } from './figures.ts';
import type { Row } from './table.ts';

const runs = 5;
/** Lines as a follower hands them over. */
const chunk = 1_000;

interface Labelled {
  readonly system: string;
  readonly said: string;
  readonly content: string;
}

interface Score {
  readonly name: string;
  readonly isWanted: (said: string) => boolean;
  readonly isFound: (judged: LogLevel) => boolean;
}

const errors = ['error', 'fatal', 'severe', 'critical', 'failure'];
const warnings = ['warn', 'warning'];
/** Some tables put a host's name into the column. */
const levelsSaid = ['trace', 'debug', 'info', 'notice', ...warnings, ...errors];

const scores: readonly Score[] = [
  {
    name: 'levels: errors by content alone',
    isWanted: (said) => errors.includes(said),
    isFound: (judged) => judged === 'error' || judged === 'fatal',
  },
  {
    name: 'levels: warnings and worse by content alone',
    isWanted: (said) => errors.includes(said) || warnings.includes(said),
    isFound: (judged) => judged !== 'unknown',
  },
];

/**
 * How well the content of a line alone tells its level, against the Level column of loghub's `*_structured.csv` files in `folder`/loghub-2k;
 * and how fast its `*.log` files are read into records.
 */
export async function measureLevels(tell: (sentence: string) => void, folder: string): Promise<readonly Row[]> {
  const root = `${folder}/loghub-2k`;
  if (!existsSync(root)) {
    tell(`levels: left out, because there is no folder ${root}: set --data.`);
    return [];
  }
  const files = await readdir(root, { recursive: true });
  const tables = files.filter((name) => name.endsWith('_structured.csv'));
  const labelled = (await Promise.all(tables.map((name) => readLabelled(root, name)))).flat();
  const texts = await Promise.all(
    files.filter((name) => name.endsWith('.log')).map((name) => readFile(`${root}/${name}`, 'utf8')),
  );
  return [...scores.map((score) => rowOf(score, labelled, tell)), speed(texts.flatMap((text) => text.split('\n')))];
}

function rowOf(score: Score, lines: readonly Labelled[], tell: (sentence: string) => void): Row {
  const judged = lines.map((line) => ({
    ...line,
    isWanted: score.isWanted(line.said),
    isFound: score.isFound(judgeLevel(line.content)),
  }));
  const hits = judged.filter(({ isWanted, isFound }) => isWanted && isFound).length;
  const wanted = judged.filter(({ isWanted }) => isWanted).length;
  const found = judged.filter(({ isFound }) => isFound).length;
  tellWrong(
    judged.filter(({ isWanted, isFound }) => isWanted !== isFound),
    tell,
  );
  return {
    name: score.name,
    figure: `precision ${(hits / found).toFixed(3)}, recall ${(hits / wanted).toFixed(3)}`,
    comparedWith: '',
    target: '',
    runs: `${lines.length} lines, ${wanted} so labelled`,
  };
}

/** Alike lines once, the most frequent first. */
function tellWrong(
  wrong: readonly (Labelled & { readonly isFound: boolean })[],
  tell: (sentence: string) => void,
): void {
  const groups = Map.groupBy(
    wrong,
    ({ system, said, content }) => `${system} ${said}: ${content.replace(/\d+/g, '#').slice(0, 160)}`,
  );
  for (const [text, lines] of [...groups].toSorted(([, one], [, other]) => other.length - one.length).slice(0, 40)) {
    tell(`levels: ${lines.length} ${lines[0]?.isFound ? 'wrongly found' : 'missed'}, ${text}`);
  }
}

/** In processor time, so that what else runs on the machine does not count. */
function speed(texts: readonly string[]): Row {
  const lines = texts.map((text) => ({ at: Date.UTC(2026, 0, 1), text }));
  const times = Array.from({ length: runs }, () => {
    const reader = createRecordReader();
    const start = process.cpuUsage();
    for (let from = 0; from < lines.length; from += chunk) reader.push(lines.slice(from, from + chunk));
    reader.flush();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1_000;
  });
  return {
    name: 'levels: lines read into records',
    figure: `${Math.round((lines.length / median(times)) * 1_000).toLocaleString('en')} lines/s of processor time`,
    comparedWith: '',
    target: '>= 150,000 lines/s',
    runs: `${runs}, median, ${lines.length} lines`,
  };
}

async function readLabelled(root: string, name: string): Promise<readonly Labelled[]> {
  const [heading = [], ...rows] = readCsv(await readFile(`${root}/${name}`, 'utf8'));
  const [level, content] = [heading.indexOf('Level'), heading.indexOf('Content')];
  const [system = ''] = name.split('/');
  const lines = rows.map((cells) => ({
    system,
    said: (cells[level] ?? '').toLowerCase(),
    content: cells[content] ?? '',
  }));
  return lines.filter(({ said }) => levelsSaid.includes(said));
}

/** RFC 4180. */
function readCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  for (const [, quoted, bare = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare);
    if (end === '') break;
    if (end !== ',') rows.push([]);
  }
  return rows.filter((cells) => cells.length > 1);
}
