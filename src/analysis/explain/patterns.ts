import { cut } from '../../core/cut.ts';
import type { LogPattern } from '../../core/log-pattern.ts';
import type { LogsView } from '../../core/views/logs.ts';
import type { PodView } from '../../core/views/pod.ts';
import type { Subject } from '../detector.ts';
import { livePods } from '../pod-finding.ts';
import { formatTime } from './time.ts';

/** Characters of a line that is quoted in a sentence. */
const quoteLength = 200;

/** What is known of the logs of a subject; undefined where nobody listens. */
export function logsOf({
  subject: { kind, namespace, name },
  view,
}: Pick<Subject, 'subject' | 'view'>): LogsView | undefined {
  return view.find('logs', namespace, `${kind}/${name}`);
}

/** Whether silence means nothing now, because something cannot be read. */
export function isPartlyUnheard({ unheard = [] }: LogsView): boolean {
  return unheard.length > 0;
}

/** The pods of the subject that have these names. */
export function podsNamed(subject: Subject, names: readonly string[]): readonly PodView[] {
  return livePods(subject).filter(({ name }) => names.includes(name));
}

/** One line of a pattern, to be quoted: the first of a stack trace. */
export function quote({ sample }: LogPattern): string {
  return quoteLine(sample);
}

/** The same without what differs from line to line. */
export function quoteTemplate({ template }: LogPattern): string {
  return quoteLine(template);
}

function quoteLine(text: string): string {
  const [line = ''] = text.trim().split('\n');
  return `“${cut(line, quoteLength)}”`;
}

/** `22:41`, or with the date where that is another day. */
export function formatSince(at: number, now: number): string {
  return now - at < 12 * 3_600_000 ? `${new Date(at).toISOString().slice(11, 16)} UTC` : formatTime(at);
}

/** A count that changes seldom, so that what is told is not told anew for every line: `5`, `more than 200`. */
export function roughly(count: number): string {
  if (count < 10) return `${count}`;
  const power = 10 ** Math.floor(Math.log10(count));
  const step = [5, 2, 1].find((one) => one * power <= count) ?? 1;
  return `${step * power === count ? '' : 'more than '}${step * power}`;
}
