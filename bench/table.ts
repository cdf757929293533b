import { readFile, writeFile } from 'node:fs/promises';

/** One line of the table; everything as people read it. */
export interface Row {
  readonly name: string;
  readonly figure: string;
  readonly comparedWith: string;
  readonly target: string;
  readonly runs: string;
}

const headings: Row = {
  name: 'what',
  figure: 'measured',
  comparedWith: 'compared with',
  target: 'target',
  runs: 'runs',
};
const begin = '<!-- begin: npm run bench -- --write -->';
const end = '<!-- end -->';

/** The rows as a Markdown table whose columns line up. */
export function formatTable(rows: readonly Row[]): string {
  const lines = [headings, ...rows].map(cellsOf);
  const widths = cellsOf(headings).map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  const [first = '', ...rest] = lines.map(
    (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  );
  return [first, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rest].join('\n');
}

/** Replaces the rows of the same name between the page's marks, and adds new ones below. */
export async function writeTable(path: URL, rows: readonly Row[]): Promise<void> {
  const page = await readFile(path, 'utf8');
  const [before, rest = ''] = page.split(begin);
  const [table = '', after] = rest.split(end);
  if (before === undefined || after === undefined) throw new Error(`${path.pathname} has no marks for the table.`);
  const kept = readRows(table);
  const merged = [
    ...kept.map((old) => rows.find((row) => row.name === old.name) ?? old),
    ...rows.filter((row) => kept.every((old) => old.name !== row.name)),
  ];
  await writeFile(path, `${before}${begin}\n\n${formatTable(merged)}\n\n${end}${after}`);
}

function readRows(table: string): Row[] {
  const lines = table.split('\n').filter((line) => line.startsWith('| '));
  return lines.slice(1).map((line) => {
    const [name = '', figure = '', comparedWith = '', target = '', runs = ''] = line
      .split('|')
      .slice(1)
      .map((cell) => cell.trim());
    return { name, figure, comparedWith, target, runs };
  });
}

function cellsOf({ name, figure, comparedWith, target, runs }: Row): readonly string[] {
  return [name, figure, comparedWith, target, runs];
}
