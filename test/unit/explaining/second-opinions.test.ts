import { describe, expect, it } from 'vitest';
import { LifeguardError } from '../../../src/core/errors.ts';
import type { Investigator } from '../../../src/core/ports/investigator.ts';
import { askInvestigators } from '../../../src/explaining/second-opinions.ts';
import { createSteppedClock } from '../../support/fakes/clock.ts';
import { createFakeInvestigator } from '../../support/fakes/investigator.ts';

const subject = { kind: 'Deployment', namespace: 'shop', name: 'checkout' };
const question = { subject, text: 'Why does it crash?' };

describe('second opinions', () => {
  it('are evidence of the kind opinion, each with who said it about what and when', async () => {
    const clock = createSteppedClock();
    const investigators = [createFakeInvestigator('kagent', 'The database.'), createFakeInvestigator('other', 'DNS.')];
    expect(await askInvestigators({ investigators, clock }, question)).toEqual({
      opinions: [
        { kind: 'opinion', source: 'kagent about Deployment shop/checkout', text: 'The database.', at: clock.now() },
        { kind: 'opinion', source: 'other about Deployment shop/checkout', text: 'DNS.', at: clock.now() },
      ],
      silent: [],
    });
    expect(clock.pending()).toBe(0);
  });

  it('are waited for two minutes and no longer, and who is slow takes nothing from the others', async () => {
    const clock = createSteppedClock();
    const investigators = [createFakeInvestigator('slow'), createFakeInvestigator('kagent', 'The database.')];
    const asked = askInvestigators({ investigators, clock }, question);
    clock.advance(120_000);
    expect(await asked).toMatchObject({
      opinions: [{ text: 'The database.' }],
      silent: ['slow did not answer (no answer in time).'],
    });
  });

  it('say why there is none', async () => {
    const refusing: Investigator = {
      name: 'kagent',
      ask: () =>
        Promise.reject(
          new LifeguardError('kagent refused: HTTP 401.', { code: 'investigator-rejected', retry: 'permanent' }),
        ),
    };
    const answer = await askInvestigators({ investigators: [refusing], clock: createSteppedClock() }, question);
    expect(answer).toEqual({ opinions: [], silent: ['kagent refused: HTTP 401.'] });
  });

  it('carry no secret, neither on the way out nor back', async () => {
    const secret = ['hunter', 'seven', '77'].join('-');
    const chatty = createFakeInvestigator('kagent', `It logs in with password=${secret}`);
    const answer = await askInvestigators(
      { investigators: [chatty], clock: createSteppedClock() },
      { subject, text: `Is password=${secret} wrong?` },
    );
    expect(JSON.stringify([answer, chatty.asked])).not.toContain(secret);
    expect(chatty.asked[0]?.text).toContain('Is password=[redacted');
  });
});
