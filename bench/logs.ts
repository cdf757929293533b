import { createMiner } from '../src/analysis/logs/miner.ts';
import { readNumber } from '../src/core/json.ts';
import { startChild } from './child.ts';
import { megabytes } from './figures.ts';
import { type LogData, readLogData } from './log-data.ts';
import { correctTemplate, type LogScores, scoreTemplates } from './log-scores.ts';
import type { Row } from './table.ts';

const targets: LogScores = { ga: 0.92, fga: 0.9, pa: 0.55, fta: 0.55 };
const names = { ga: 'GA', fga: 'FGA', pa: 'PA', fta: 'FTA' } as const;
const keys = ['ga', 'fga', 'pa', 'fta'] as const;

/** Scores against corrected templates, against the original ones, and against these when the rules of correction are applied to both. */
interface Scored {
  readonly name: string;
  readonly lines: number;
  readonly corrected: LogScores | undefined;
  readonly original: LogScores;
  readonly ruled: LogScores;
}

/**
 * How well the template miner does on labelled logs: a folder laid out like loghub-2k. One miner of the default configuration for each system takes the lines in
 * order; a line counts for the template that its pattern has after the last line, as in the published figures of other miners.
 */
export async function measureLogs(tell: (sentence: string) => void, folder: string): Promise<readonly Row[]> {
  const data = await readLogData(folder);
  const scored = data.map(scoreSystem);
  const means = keys.map((key) => meanRow(scored, key));
  const child = startChild(new URL('./logs-child.ts', import.meta.url), [folder]);
  tell(`logs: ${data.length} systems, ${scored.reduce((sum, one) => sum + one.lines, 0)} lines`);
  try {
    const answer = await child.ask({});
    return [...scored.map(systemRow), ...means, ...speedRows(answer)];
  } finally {
    await child.stop();
  }
}

function scoreSystem({ name, messages, original, corrected }: LogData): Scored {
  const miner = createMiner();
  const ids = messages.map((message) => miner.add(message).pattern.id);
  const found = ids.map((id) => miner.resolve(id)?.template ?? '');
  return {
    name,
    lines: messages.length,
    corrected: corrected.length === 0 ? undefined : scoreTemplates(corrected, found),
    original: scoreTemplates(original.map(withoutWideSpace), found),
    ruled: scoreTemplates(original.map(correctTemplate), found.map(correctTemplate)),
  };
}

function systemRow({ name, lines, corrected, original, ruled }: Scored): Row {
  return {
    name: `log patterns, ${name}: GA, FGA, PA, FTA on corrected templates`,
    figure: corrected === undefined ? '' : format(corrected),
    comparedWith: `original templates ${format(original)}; both corrected by rule ${format(ruled)}`,
    target: '',
    runs: `${lines} lines`,
  };
}

function meanRow(scored: readonly Scored[], key: (typeof keys)[number]): Row {
  const mean = (pick: (one: Scored) => LogScores | undefined): string => {
    const values = scored.flatMap((one) => pick(one)?.[key] ?? []);
    return (values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(3);
  };
  const original = mean((one) => one.original);
  const ruled = mean((one) => one.ruled);
  return {
    name: `log patterns, mean ${names[key]} on corrected templates`,
    figure: mean((one) => one.corrected),
    comparedWith: `original templates ${original}; both corrected by rule ${ruled}`,
    target: `>= ${targets[key]}`,
    runs: `${scored.length} systems`,
  };
}

function speedRows(answer: unknown): readonly Row[] {
  const [processor = 0, wall = 0] = [readNumber(answer, 'processor'), readNumber(answer, 'wall')];
  const runs = `${readNumber(answer, 'lines') ?? 0} lines`;
  return [
    {
      name: 'log patterns: speed on one thread, by processor time',
      figure: `${thousands(processor)} lines/s`,
      comparedWith: `by the clock ${thousands(wall)} lines/s`,
      target: '>= 150,000 lines/s',
      runs,
    },
    {
      name: 'log patterns: peak resident memory, with Node and the lines',
      figure: megabytes(readNumber(answer, 'peakBytes') ?? 0),
      comparedWith: '',
      target: '< 200 MB',
      runs,
    },
  ];
}

/** A pattern has one blank for any white space, as the corrected templates have. */
function withoutWideSpace(template: string): string {
  return template.trim().replaceAll(/\s+/g, ' ');
}

function format(scores: LogScores): string {
  return keys.map((key) => scores[key].toFixed(3)).join(' ');
}

function thousands(rate: number): string {
  return (Math.round(rate / 1_000) * 1_000).toLocaleString('en');
}
