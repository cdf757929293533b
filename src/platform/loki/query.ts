import type { LogOrigin } from '../../core/log-record.ts';

/** How Loki's labels are called here. */
interface LokiLabels {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

export interface LokiSelection {
  readonly labels: LokiLabels;
  /** Labels that every stream must have besides: which cluster it is, say. */
  readonly match: Readonly<Record<string, string>>;
}

interface Wanted {
  readonly namespace: string;
  readonly pods: readonly string[];
  readonly container?: string | undefined;
  readonly contains?: string | undefined;
}

/** LogQL for the lines of these pods. Whatever stands in a name or in the text is only ever looked for. */
export function logQuery(wanted: Wanted, { labels, match }: LokiSelection): string {
  const { namespace, pods, container, contains = '' } = wanted;
  const matchers = [
    ...Object.entries(match).map(([label, value]) => `${label}=${quote(value)}`),
    `${labels.namespace}=${quote(namespace)}`,
    `${labels.pod}=~${quote(pods.map(literal).join('|'))}`,
    ...(container === undefined ? [] : [`${labels.container}=${quote(container)}`]),
  ];
  return `{${matchers.join(',')}}${contains === '' ? '' : ` |~ ${quote(`(?i)${literal(contains)}`)}`}`;
}

/** Undefined for a stream that lacks a label. */
export function originOf(stream: Readonly<Record<string, string>>, { labels }: LokiSelection): LogOrigin | undefined {
  const [namespace, pod, container] = [stream[labels.namespace], stream[labels.pod], stream[labels.container]];
  if (namespace === undefined || pod === undefined) return undefined;
  return { namespace, pod, container: container ?? '' };
}

/** A string of LogQL is one of Go, of which one of JSON is a part, as long as it is Unicode. */
function quote(text: string): string {
  return JSON.stringify(text.toWellFormed());
}

/** As a regular expression of RE2 that matches just this. */
function literal(text: string): string {
  return text.replaceAll(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
