import { describe, expect, it } from 'vitest';
import { renderDetails } from '../../../src/notifications/reports/details.ts';
import { renderRoot } from '../../../src/notifications/reports/root.ts';
import { renderThread } from '../../../src/notifications/reports/thread.ts';
import { anEvidence, anIncident, aPlan, aProposal } from '../../support/builders.ts';

describe('secrets of the cluster', () => {
  const token = ['xoxb', '123456789012', 'abcdefABCDEF'].join('-');

  it.each([
    ['a cause', { incident: anIncident({ cause: `cannot log in with ${token}` }) }],
    ['a log', { incident: anIncident({ evidence: [anEvidence({ text: `password=hunter22\ntoken ${token}` })] }) }],
    [
      'a proposal',
      { proposals: [aProposal({ reason: token, plan: aPlan({ summary: `set password=hunter22 ${token}` }) })] },
    ],
    [
      'a log cut in the middle of it',
      { incident: anIncident({ cause: `${'x'.repeat(700)} ${token}${'y'.repeat(900)}` }) },
    ],
  ])('in %s are not shown', (_where, parts) => {
    const snapshot = { incident: anIncident(), proposals: [], executions: [], ...parts };
    const messages = [renderRoot(snapshot), ...renderThread(snapshot).map(({ message }) => message)];
    const all = messages.map((message) => `${message.text}${JSON.stringify(message.blocks)}`).join('');
    expect(all).not.toMatch(/hunter22|xoxb-1/);
  });

  it('in a diff are not shown in the details', () => {
    const view = renderDetails(aProposal({ plan: aPlan({ diff: `+ value: ${token}\n+ password: hunter22` }) }));
    expect(JSON.stringify(view)).not.toMatch(/hunter22|xoxb-1/);
  });
});
