import { createMiner } from '../src/analysis/logs/miner.ts';
import { answerParent } from './child.ts';
import { median } from './figures.ts';
import { readLogData } from './log-data.ts';

const rounds = 20;
const [, , folder = ''] = process.argv;
const messages = (await readLogData(folder)).flatMap((data) => data.messages);

/** The messages with other digits, so that no line comes twice as it was. */
function varied(round: number): readonly string[] {
  return messages.map((message) => message.replaceAll(/\d/g, (digit) => `${(Number(digit) * 7 + round) % 10}`));
}

answerParent(() => {
  const miner = createMiner();
  const rates: { readonly wall: number; readonly processor: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const lines = varied(round);
    globalThis.gc?.();
    const [start, used] = [performance.now(), process.cpuUsage()];
    for (const line of lines) miner.add(line);
    const { user, system } = process.cpuUsage(used);
    const wall = (lines.length / (performance.now() - start)) * 1_000;
    rates.push({ wall, processor: (lines.length / (user + system)) * 1_000_000 });
  }
  const steady = rates.slice(rounds / 2);
  return {
    wall: median(steady.map((one) => one.wall)),
    processor: median(steady.map((one) => one.processor)),
    lines: messages.length * rounds,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
});
