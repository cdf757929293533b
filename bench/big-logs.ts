import { isJsonObject, type JsonObject, readNumber } from '../src/core/json.ts';
import { type Story, stories, unlike } from '../test/support/log-stories.ts';
import { startChild } from './child.ts';
import { seconds } from './figures.ts';
import type { Row } from './table.ts';

/**
 * Logs of 100,000 to 1,000,000 lines in which one thing goes wrong, in four formats and from several pods, read as they are when they come from a cluster: whether
 * the cause is among the patterns that tell most and which detector names it, how fast they are read, and what that takes. Beside each, the same log without the cause.
 */
export async function measureBigLogs(tell: (sentence: string) => void): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const story of [...stories, unlike]) {
    const read = await readStory(story.name);
    const calm = story === unlike ? undefined : await readStory(story.name, 'calm');
    const own = rowsOf(story, read, calm);
    for (const { name, figure } of own) tell(`${name}: ${figure}`);
    rows.push(...own);
  }
  return rows;
}

async function readStory(...args: readonly string[]): Promise<JsonObject> {
  const child = startChild(new URL('./big-logs-child.ts', import.meta.url), args);
  try {
    let answer = await child.ask({});
    while (answer['done'] !== true) answer = await child.ask({});
    return answer;
  } finally {
    await child.stop();
  }
}

function rowsOf(story: Story, read: JsonObject, calm: JsonObject | undefined): readonly Row[] {
  const number = (name: string): number => readNumber(read, name) ?? 0;
  const rate = (name: string): string => `${thousands((number('lines') / number(name)) * 1000)} lines/s`;
  const runs = `${number('lines').toLocaleString('en')} lines, ${mega(number('bytes'))}, ${story.pods} pods, ${story.minutes} min`;
  const speed: Row = {
    name: `big log, ${story.name}: speed on one thread, by processor time`,
    figure: rate('processorMs'),
    comparedWith: `by the clock ${rate('wallMs')}, ${seconds(number('wallMs'))} in all`,
    target: '>= 100,000 lines/s',
    runs,
  };
  const memory: Row = {
    name: `big log, ${story.name}: memory that its digest keeps at most`,
    figure: mega(number('keptBytes')),
    comparedWith: `resident, above the peak without it: ${mega(number('peakBytes'))}`,
    target: '< 100 MB',
    runs,
  };
  if (calm === undefined) return [speed, memory];
  const cause: Row = {
    name: `big log, ${story.name}: place of the cause among the patterns told`,
    figure: `${number('rank') === 0 ? 'none' : number('rank')} of ${number('told')}; found by ${kindsOf(read)}`,
    comparedWith: `without it: ${readNumber(calm, 'told') ?? 0} patterns, found by ${kindsOf(calm)}`,
    target: '<= 3',
    runs,
  };
  return [cause, speed, memory];
}

function kindsOf(answer: JsonObject): string {
  const kinds = isJsonObject(answer) && Array.isArray(answer['kinds']) ? answer['kinds'].map(String) : [];
  return kinds.length === 0 ? 'no detector' : kinds.join(', ');
}

function thousands(rate: number): string {
  return (Math.round(rate / 1_000) * 1_000).toLocaleString('en');
}

function mega(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
