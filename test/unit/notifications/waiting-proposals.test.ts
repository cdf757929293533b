import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/core/ports/channel.ts';
import { renderRoot } from '../../../src/notifications/reports/root.ts';
import { renderThread } from '../../../src/notifications/reports/thread.ts';
import { anExecution, anIncident, aPlan, aProposal } from '../../support/builders.ts';
import { buttonsOf, shownText } from '../../support/shown.ts';

describe('proposals that wait side by side', () => {
  const plans = ['Roll back shop/checkout.', 'Silence A.', 'Restart shop/checkout.'].map((summary) =>
    aPlan({ summary }),
  );
  const [rollback, silence, restart] = plans.map((plan, index) => aProposal({ id: `p00000000000002${index}`, plan }));
  const waiting = [rollback, silence, restart].filter((one) => one !== undefined);
  const values = (message: Message) =>
    [...JSON.stringify(message.blocks).matchAll(/"action_id":"op:approve".*?"value":"(p\d+)"/g)].map(
      ([, value]) => value,
    );

  it('all have their buttons: the two newest in the root, which says that there are more in the thread', () => {
    const snapshot = { incident: anIncident(), proposals: waiting, executions: [] };
    const message = renderRoot(snapshot);
    expect(values(message)).toEqual([restart?.id, silence?.id]);
    expect(buttonsOf(message)).toHaveLength(6);
    expect(shownText(message)).toContain('1 more proposal for you to decide in the thread');
    expect(message.text).toContain(
      'Proposed: Restart shop/checkout. Proposed: Silence A. 1 more proposal in the thread.',
    );
    const thread = new Map(renderThread(snapshot).map(({ key, message: entry }) => [key, entry]));
    const asked = waiting.map(({ id }) => values(thread.get(`proposal-${id}`) ?? { text: '', blocks: [] }));
    expect(asked).toEqual([[rollback?.id], [], []]);
  });

  it('stay so while another one is carried out, which is what the root says first', () => {
    const running = anExecution({ id: rollback?.id ?? '', phase: 'verifying' });
    const going = { ...aProposal(), ...rollback, state: 'approved' as const };
    const parts = { proposals: [going, ...waiting.slice(1)], executions: [running] };
    const shown = shownText(renderRoot({ incident: anIncident(), ...parts }));
    expect(shown.indexOf('*Under way:* Roll back shop/checkout.')).toBeGreaterThan(0);
    expect(shown.indexOf('*Proposed:* Restart')).toBeGreaterThan(shown.indexOf('*Under way:*'));
    expect(values(renderRoot({ incident: anIncident(), ...parts }))).toEqual([restart?.id]);
    expect(shown).toContain('1 more proposal for you to decide');
  });

  it('have no button once they were decided', () => {
    const decided = waiting.map((one) => ({ ...one, state: 'rejected' as const }));
    const snapshot = { incident: anIncident(), proposals: decided, executions: [] };
    const messages = [renderRoot(snapshot), ...renderThread(snapshot).map(({ message }) => message)];
    expect(messages.flatMap(values)).toEqual([]);
  });
});
