import { describeError, LifeguardError } from '../core/errors.ts';

/** Text of the cluster or of a model, made inert for Slack: no mention, no link. */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** `14:05 UTC`. */
export function timeOf(at: number): string {
  return `${new Date(at).toISOString().slice(11, 16)} UTC`;
}

interface Refused {
  readonly refused: string;
  readonly retryAt?: number;
  readonly by: 'plan' | 'guardrail';
}

export function describeRefusal(title: string, { refused, retryAt, by }: Refused): string {
  const who = by === 'guardrail' ? 'a guardrail does not let it through' : 'it cannot be done';
  const again = retryAt === undefined ? '' : ` It may be different from ${timeOf(retryAt)} on.`;
  return `${title}: ${who}. ${escapeText(refused)}${again} Nothing was changed.`;
}

/** A failure in words for the person who asked: what failed and what it means for the cluster. */
export function describeFailure(error: unknown): string {
  const what =
    error instanceof LifeguardError ? escapeText(describeError(error)) : 'Something failed inside Lifeguard.';
  return `This did not work: ${what} If something was already under way, its thread shows how far it got. Please try again.`;
}
