import { readdir, readFile } from 'node:fs/promises';

/** One system of loghub. */
export interface LogData {
  readonly name: string;
  readonly messages: readonly string[];
  /** The true template of each message, as first published and as later corrected; empty where the folder has none. */
  readonly original: readonly string[];
  readonly corrected: readonly string[];
}

const suffix = '.log_structured.csv';

/** Reads every `X.log_structured.csv` below a folder, and the `…_corrected.csv` beside it. */
export async function readLogData(folder: string): Promise<readonly LogData[]> {
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(suffix)).toSorted();
  return Promise.all(
    files.map(async (file) => {
      const original = await readColumns(`${folder}/${file}`);
      const corrected = await readColumns(`${folder}/${file.replace(/\.csv$/, '_corrected.csv')}`).catch(
        () => undefined,
      );
      const name = (file.split('/').at(-1) ?? file).slice(0, -suffix.length).replace(/_\d+k$/, '');
      return { name, messages: original.messages, original: original.templates, corrected: corrected?.templates ?? [] };
    }),
  );
}

async function readColumns(path: string): Promise<{ messages: readonly string[]; templates: readonly string[] }> {
  const [header = [], ...rows] = parseCsv(await readFile(path, 'utf8'));
  const [content, template] = [header.indexOf('Content'), header.indexOf('EventTemplate')];
  if (content < 0 || template < 0) throw new Error(`${path} has no columns Content and EventTemplate.`);
  return { messages: rows.map((row) => row[content] ?? ''), templates: rows.map((row) => row[template] ?? '') };
}

/** RFC 4180 with a line break behind the last row. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, bare = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n\r]*))(,|\r?\n|$)/g)) {
    row.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    if (row.length > 1) rows.push(row);
    row = [];
  }
  return rows;
}
