import { stripVTControlCharacters } from 'node:util';
import { cut } from '../../core/cut.ts';
import { isJsonObject, readString, readTime } from '../../core/json.ts';
import type { LogLine } from '../../core/log-record.ts';
import { parseJson } from './json-text.ts';

/** Longer lines of JSON are cut: little enough to be parsed at once. */
const longestLine = 1_048_576;
/** Longer lines of text are cut: more says no more. */
const longestText = 32_768;

/** Lines as the program wrote them: without what the container runtime puts around them. */
export interface Unwrapper {
  /** Nothing while a part of a line waits for its rest. */
  unwrap(line: LogLine): readonly LogLine[];
  /** Parts whose rest never came. */
  flush(): readonly LogLine[];
}

interface Part {
  readonly at: number;
  readonly text: string;
  readonly stream: string;
  readonly isLast: boolean;
}

interface Waiting {
  readonly at: number;
  readonly texts: string[];
  length: number;
}

/** `2016-10-06T00:17:09.669794202Z stdout P part` (Kubernetes design proposal kubelet-cri-logging). */
const cri =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) (stdout|stderr) ([FP])(?::[^ ]{0,40})?(?: |$)/;

/** Reads raw lines, CRI log lines with their parts, and lines of Docker's json-file driver. */
export function createUnwrapper(): Unwrapper {
  const waiting = new Map<string, Waiting>();

  function take(part: Part): readonly LogLine[] {
    const before = waiting.get(part.stream);
    if (before === undefined && part.isLast) return split(part);
    const parts = before ?? { at: part.at, texts: [], length: 0 };
    if (parts.length < longestLine) parts.texts.push(part.text);
    parts.length += part.text.length;
    waiting.set(part.stream, parts);
    return part.isLast ? end(part.stream, parts) : [];
  }

  function end(stream: string, { at, texts }: Waiting): readonly LogLine[] {
    waiting.delete(stream);
    return split({ at, text: texts.join('') });
  }

  return {
    unwrap(line) {
      const part = readCri(line) ?? readDocker(line);
      return part === undefined ? split(line) : take(part);
    },
    flush: () => [...waiting].flatMap(([stream, parts]) => end(stream, parts)),
  };
}

function readCri({ at, text }: LogLine): Part | undefined {
  const match = text.charCodeAt(10) === 84 ? cri.exec(text) : null;
  if (match === null) return undefined;
  const [header, time = '', stream = '', tag] = match;
  return { at: readTime({ time }, 'time') ?? at, text: text.slice(header.length), stream, isLast: tag === 'F' };
}

function readDocker({ at, text }: LogLine): Part | undefined {
  if (!text.startsWith('{"log":"') || text.length > longestLine) return undefined;
  const wrapped = parseJson(text);
  const [log, stream] = [readString(wrapped, 'log'), readString(wrapped, 'stream')];
  if (log === undefined || stream === undefined || !isJsonObject(wrapped)) return undefined;
  const isLast = log.endsWith('\n');
  return { at: readTime(wrapped, 'time') ?? at, text: isLast ? log.slice(0, -1) : log, stream, isLast };
}

function split({ at, text }: LogLine): readonly LogLine[] {
  const bounded = cut(text, longestLine, '');
  if (!bounded.includes('\n')) return [{ at, text: clean(bounded) }];
  return bounded.split('\n').map((each) => ({ at, text: clean(each) }));
}

/** Neither a tab nor printable. */
const controls = /[^\t -~\u00a0-\uffff]/;
const everyControl = /[^\t -~\u00a0-\uffff]/g;
/** Looked at in pieces, because the pattern of node:util takes quadratic time on hostile text. */
const escape = String.fromCharCode(0x1b);
const escapes = new RegExp(`${escape}[^${escape}]{0,128}`, 'g');

/** Bounded, without colours and line ends; what is no text stands as the replacement character. */
function clean(text: string): string {
  const bounded = text.startsWith('{') ? text : cut(text, longestText, '');
  const line = bounded.endsWith('\r') ? bounded.slice(0, -1) : bounded;
  const whole = line.isWellFormed() ? line : line.toWellFormed();
  if (!controls.test(whole)) return whole;
  const bare = whole.replace(escapes, stripVTControlCharacters);
  return bare.replace(everyControl, (control) => (control === '\r' ? ' ' : '\uFFFD'));
}
