import type { Message, TextFile } from '../../core/ports/channel.ts';
import type { ReadLine } from '../../core/ports/log-source.ts';
import type { LogWish, WorkloadLog } from '../../core/ports/workload-logs.ts';
import { type ResourceRef, refName } from '../../core/resource-ref.ts';
import { context, message, section } from '../blocks/blocks.ts';
import { escapeText, fence, formatDuration, inline, sizeOf, truncate } from '../blocks/mrkdwn.ts';

interface LogsFacts extends LogWish {
  readonly ref: ResourceRef;
  readonly found: WorkloadLog;
}

/** Characters that are quoted; Slack folds more. */
const quoteLimit = 2_400;

/** The newest lines in the message; all of them as a file where there are more. */
export function reportLogs({
  ref,
  found,
  backMs,
  contains,
  previous,
}: LogsFacts): Message & { readonly file?: TextFile } {
  const name = truncate(inline(refName(ref)), 100);
  const span = `${previous ? 'the runs before the present ones' : `the last ${formatDuration(backMs)}`}${contains === undefined ? '' : `, with “${escapeText(truncate(contains, 60))}”`}`;
  const { lines } = found;
  if (lines.length === 0) {
    const text = `${name} has written nothing in ${span}.`;
    return message(text, [section(text), context(sourceOf(found))]);
  }
  const text = lines.map((line) => formatLine(line, found)).join('\n');
  const shown = message(`${lines.length} lines of ${name} from ${span}.`, [
    section(`*What ${name} wrote in ${span}*\n${fence(text, quoteLimit)}`),
    context(`${lines.length} lines, without secrets · ${sourceOf(found)}`),
  ]);
  return sizeOf(text) <= quoteLimit
    ? shown
    : { ...shown, file: { name: `${ref.name}.log`, title: `Log of ${refName(ref)}`, text } };
}

const ownTime = /^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d/;

/** Which pod said it matters only where several speak, and when it was read only where the line does not say it itself. */
function formatLine({ at, pod, container, text }: ReadLine, { read }: WorkloadLog): string {
  const time = ownTime.test(text) ? [] : [new Date(at).toISOString().slice(11, 23)];
  const origin = read === 1 ? [] : [`${pod}/${container}`];
  return [...time, ...origin, text].join(' ');
}

const sources: Readonly<Record<string, string>> = {
  pods: 'from the pods',
  loki: 'from Loki',
  pushed: 'as it was pushed',
};

/** Where it was read, and what would have been read instead. */
export function sourceOf({ source, read, pods, unanswered }: Omit<WorkloadLog, 'lines'>): string {
  const part = read < pods ? `${read} of ${pods} pods` : `${pods} ${pods === 1 ? 'pod' : 'pods'}`;
  const missing = unanswered === undefined ? '' : ` · :warning: ${escapeText(truncate(unanswered, 200))}`;
  return `${part}, ${sources[source] ?? source}${missing}`;
}
