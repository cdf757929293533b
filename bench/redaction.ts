import { readdir, readFile } from 'node:fs/promises';
import { redact } from '../src/core/redact.ts';
import { findFalseHits, findMisses } from '../test/support/secrets/judgement.ts';
import { lookAlikes } from '../test/support/secrets/look-alikes.ts';
import { plantedSecrets } from '../test/support/secrets/planted.ts';
import { median } from './figures.ts';
import type { Row } from './table.ts';

const runs = 5;

/** How much is found, how much of what only looks alike is touched, and how fast. `logs`: a folder of real logs, which are look-alikes too. */
export async function measureRedaction(tell: (sentence: string) => void, logs: string): Promise<readonly Row[]> {
  const [planted, alike] = [plantedSecrets(), lookAlikes()];
  const [misses, hits] = [findMisses(planted, redact), findFalseHits(alike, redact)];
  for (const { name } of misses) tell(`redaction: missed ${name}`);
  for (const { name, text } of hits) tell(`redaction: touched ${name}: ${redact(text)}`);
  const all = { comparedWith: '', runs: `${planted.length} planted, ${alike.length} look-alikes` };
  return [
    {
      name: 'redaction: recall on planted secrets',
      figure: (1 - misses.length / planted.length).toFixed(3),
      target: '>= 0.98',
      ...all,
    },
    {
      name: 'redaction: look-alikes touched',
      figure: `${hits.length} of ${alike.length}`,
      target: '<= 1 %',
      ...all,
    },
    speed(
      'planted secrets',
      planted.map(({ text }) => text),
    ),
    ...(logs === '' ? [] : await measureLogs(tell, logs)),
  ];
}

async function measureLogs(tell: (sentence: string) => void, folder: string): Promise<readonly Row[]> {
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.log'));
  const texts = await Promise.all(files.map((name) => readFile(`${folder}/${name}`, 'utf8')));
  const lines = texts.flatMap((text) => text.split('\n'));
  const hits = lines.filter((line) => redact(line) !== line);
  for (const line of hits) tell(`redaction: touched ${redact(line)}`);
  return [
    {
      name: 'redaction: lines of real logs touched',
      figure: `${((hits.length / lines.length) * 1_000).toFixed(2)} of 1,000`,
      comparedWith: '',
      target: '<= 10 of 1,000',
      runs: `${lines.length} lines`,
    },
    speed('lines of real logs', lines),
  ];
}

/** Beside the cheapest thing that looks at every character. */
function speed(what: string, texts: readonly string[]): Row {
  const size = texts.reduce((sum, text) => sum + text.length, 0);
  const rate = (work: (text: string) => unknown): string => {
    const times = Array.from({ length: runs }, () => {
      const start = performance.now();
      for (const text of texts) work(text);
      return performance.now() - start;
    });
    return `${(size / 1_000 / median(times)).toFixed(0)} MB/s`;
  };
  return {
    name: `redaction: speed on ${what}`,
    figure: rate(redact),
    comparedWith: `toLowerCase alone ${rate((text) => text.toLowerCase())}`,
    target: '',
    runs: `${runs}, median`,
  };
}
