import { describeError, LifeguardError } from '../core/errors.ts';
import { escapeText, formatPlainTime } from '../notifications/blocks/mrkdwn.ts';

interface Refused {
  readonly refused: string;
  readonly retryAt?: number;
  readonly by: 'plan' | 'guardrail';
}

export function describeRefusal(title: string, { refused, retryAt, by }: Refused): string {
  const who = by === 'guardrail' ? 'a guardrail does not let it through' : 'it cannot be done';
  const again = retryAt === undefined ? '' : ` It may be different from ${formatPlainTime(retryAt)} on.`;
  return `${title}: ${who}. ${escapeText(refused)}${again} Nothing was changed.`;
}

/** A failure in words for the person who asked: what failed and what it means for the cluster. */
export function describeFailure(error: unknown): string {
  const what =
    error instanceof LifeguardError ? escapeText(describeError(error)) : 'Something failed inside Lifeguard.';
  return `This did not work: ${what} If something was already under way, its thread shows how far it got. Please try again.`;
}
