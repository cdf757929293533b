import { expect, it } from 'vitest';
import { describeError, LifeguardError } from '../../../src/core/errors.ts';
import { noticeView } from '../../../src/handlers/views.ts';

const secret = 'hunter2-hunter2';
const telling = `cannot open redis://:${secret}@redis:6379`;

it('what failed is told without secrets, whoever made the error', () => {
  const ours = new LifeguardError(telling, {
    code: 'store-unreachable',
    retry: 'transient',
    cause: new Error(telling),
  });
  for (const error of [ours, new Error(telling), telling]) {
    expect(describeError(error)).toBe('cannot open redis://:[redacted:password]@redis:6379');
  }
  expect(ours.message).not.toContain(secret);
});

it('a modal with one sentence shows no secret', () => {
  expect(JSON.stringify(noticeView(telling))).not.toContain(secret);
});
