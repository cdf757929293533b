import { tellingPatterns } from '../src/analysis/explain/log-evidence.ts';
import { createLogDigest } from '../src/analysis/logs/digest.ts';
import type { LogLine, LogOrigin } from '../src/core/log-record.ts';
import type { LogDigest } from '../src/core/ports/log-digest.ts';
import { calmTwin, judgeLogs, type Story, stories, tell, unlike, type Written } from '../test/support/log-stories.ts';
import { checkout, minutes, now } from '../test/support/views.ts';
import { answerParent } from './child.ts';

/** Lines that a source hands over at once, and lines after which the parent hears of it. */
const [batchSize, stepSize] = [1_000, 50_000];
const bucketMs = 30_000;

const [, , name = '', calm = ''] = process.argv;
const told = [...stories, unlike].find((one) => one.name === name) ?? unlike;
const story: Story = calm === '' ? told : calmTwin(told);

function openDigest(): LogDigest {
  return createLogDigest({ regarding: checkout, since: now - story.minutes * minutes, bucketMs });
}

/** What was measured so far. */
const sum = { lines: 0, bytes: 0, wallMs: 0, processorMs: 0, keptBytes: 0 };

function* batches(): Generator<readonly (readonly [LogOrigin, readonly LogLine[]])[]> {
  let batch: Written[] = [];
  for (const written of tell(story)) {
    // As it comes from a socket: a text of its own, in one piece.
    const text = Buffer.from(written.line.text).toString();
    batch.push({ origin: written.origin, line: { at: written.line.at, text } });
    if (batch.length < batchSize) continue;
    yield byPod(batch);
    batch = [];
  }
  yield byPod(batch);
}

function byPod(batch: readonly Written[]): readonly (readonly [LogOrigin, readonly LogLine[]])[] {
  return [...Map.groupBy(batch, ({ origin }) => origin.pod).values()].flatMap((own) =>
    own.slice(0, 1).map(({ origin }) => [origin, own.map(({ line }) => line)] as const),
  );
}

function heap(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}

function residentPeak(): number {
  return process.resourceUsage().maxRSS * 1024;
}

let digest: LogDigest | undefined;
let source = batches();
let [heapBefore, peakBefore] = [0, 0];

function measure<T>(work: () => T): T {
  const [start, used] = [performance.now(), process.cpuUsage()];
  const result = work();
  const { user, system } = process.cpuUsage(used);
  sum.wallMs += performance.now() - start;
  sum.processorMs += (user + system) / 1000;
  return result;
}

/** First the log is made without being read, so that making it does not count; then it is made again and read. */
answerParent(() => {
  for (let taken = 0; taken < stepSize; taken += batchSize) {
    const batch = source.next();
    if (batch.done === true) return digest === undefined ? begin() : finish(digest);
    const reader = digest;
    if (reader !== undefined) measure(() => batch.value.forEach(([origin, lines]) => reader.push(origin, lines)));
    if (reader === undefined) continue;
    for (const { text } of batch.value.flatMap(([, lines]) => lines)) {
      sum.lines += 1;
      sum.bytes += text.length + 1;
    }
  }
  if (digest !== undefined) sum.keptBytes = Math.max(sum.keptBytes, heap() - heapBefore);
  return { done: false };
});

function begin() {
  source = batches();
  [heapBefore, peakBefore] = [heap(), residentPeak()];
  digest = openDigest();
  return { done: false };
}

function finish(read: LogDigest) {
  const logs = measure(() => read.view(now));
  const kept = Math.max(sum.keptBytes, heap() - heapBefore);
  const start = performance.now();
  const patterns = tellingPatterns(logs);
  const kinds = judgeLogs(logs, story).map(({ kind }) => kind);
  const judgeMs = performance.now() - start;
  const rank = patterns.findIndex(({ sample, template }) => story.cause.test(sample) || story.cause.test(template)) + 1;
  const peakBytes = residentPeak() - peakBefore;
  return { done: true, ...sum, keptBytes: kept, peakBytes, judgeMs, rank, told: patterns.length, kinds };
}
