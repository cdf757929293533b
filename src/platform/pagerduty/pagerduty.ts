import { request } from 'undici';
import { cut } from '../../core/cut.ts';
import { describeError, LifeguardError } from '../../core/errors.ts';
import type { Page, Pager } from '../../core/ports/pager.ts';
import { quoteAnswer } from '../quote-answer.ts';

export interface PagerDutyOptions {
  /** Without the path. */
  readonly url: string;
  readonly routingKey: string;
}

const timeoutMs = 8_000;
/** Longest summary that PagerDuty takes, characters. */
const summaryLimit = 1_024;
/** Sends events to PagerDuty's Events API v2 (developer.pagerduty.com, "Send an Alert Event"), or to what takes the same. */
export function createPagerDuty({ url, routingKey }: PagerDutyOptions): Pager {
  const address = `${url.replace(/\/+$/, '')}/v2/enqueue`;
  return {
    async send(page) {
      const answer = await request(address, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ routing_key: routingKey, ...eventOf(page) }),
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      })
        .then(async ({ statusCode, body }) => ({ status: statusCode, text: await body.text() }))
        .catch((cause: unknown) => {
          throw unreachable(describeError(cause), cause);
        });
      if (answer.status < 300) return;
      const problem = `the pager answered ${answer.status}: ${quoteAnswer(answer.text)}`;
      if (answer.status === 429 || answer.status >= 500) throw unreachable(problem);
      throw new LifeguardError(`It was refused: ${problem}`, { code: 'pager-rejected', retry: 'permanent' });
    },
  };
}

/** `severity` is one of PagerDuty's own words, which have ours among them. */
function eventOf({ event, key, summary, severity, source, details, link }: Page): object {
  return {
    event_action: event,
    dedup_key: key,
    client: 'Lifeguard',
    payload: { summary: cut(summary, summaryLimit), severity, source, custom_details: details },
    ...(link === undefined ? {} : { links: [{ href: link, text: 'Thread in Slack' }] }),
  };
}

function unreachable(problem: string, cause?: unknown): LifeguardError {
  return new LifeguardError(`The pager did not take it: ${problem}`, {
    code: 'pager-unreachable',
    retry: 'transient',
    cause,
  });
}
