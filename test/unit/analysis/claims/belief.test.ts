import { describe, expect, it } from 'vitest';
import { checkAnswer } from '../../../../src/analysis/claims/check.ts';
import type { Draft } from '../../../../src/core/explanation.ts';
import { actions } from '../../../../src/ops/actions/index.ts';
import { anEvidence, anIncident } from '../../../support/builders.ts';
import { aDraft } from '../../../support/explaining.ts';

const text =
  'FATAL dial tcp 10.0.0.5:5432: connect: connection refused\nopen /etc/app/config.yml: no such file or directory';
const incident = anIncident({ evidence: [anEvidence({ text })] });

function claim(said: string): Draft['summary'][number] {
  return { text: said, evidence: ['E1'] };
}

const sound = ['The connection is refused.', 'The file /etc/app/config.yml is missing.', 'Port 5432 is not open.'].map(
  claim,
);
const invented = [
  'The Kafka broker is away.',
  'It waits for port 9999.',
  'The server was a good friend of trains.',
].map(claim);
const orders = ['Restart the pods.', 'Delete the namespace.', 'Please scale it.'].map(claim);

function check(summary: Draft['summary'], overrides: Partial<Draft> = {}) {
  return checkAnswer(aDraft({ summary, ...overrides }), { evidence: incident.evidence, incident, catalogue: actions });
}

describe('the rest of an answer', () => {
  it.each([
    ['of which nothing is made up is shown', [...sound], 3],
    ['with one slip is shown, however short it is', [...sound.slice(0, 1), ...invented.slice(0, 1)], 1],
    ['with less than half made up is shown', [...sound, ...invented.slice(0, 2)], 3],
    ['of which half is made up is not', [...sound.slice(0, 2), ...invented.slice(0, 2)], 0],
    ['of which most is made up is not', [...sound.slice(0, 1), ...invented], 0],
    ['that gives orders besides is shown without them', [...sound.slice(0, 1), ...orders], 1],
  ])('%s', (_what, summary, shown) => {
    expect(check(summary).summary).toHaveLength(shown);
  });

  it('is counted, and the log has one line for it', () => {
    expect(check([...sound.slice(0, 2), ...invented.slice(0, 2)])).toMatchObject({
      hypotheses: [],
      proposals: [],
      confidence: 'outside',
      dropped: 4,
      faults: ['the name Kafka', 'the quantity 9999', 'too little of it stands'],
    });
  });

  it('goes with hypotheses and reasons that are made up, and takes its proposals with it', () => {
    const hypotheses = invented.slice(0, 1).map((one) => ({ ...one, confirms: 'It is away.', refutes: 'It answers.' }));
    const rollback = { action: 'rollback-workload', target: 'Deployment shop/checkout', params: [], evidence: ['E1'] };
    const reasons = ['The connection is refused.', 'The Kafka broker is away.'];
    const proposals = reasons.map((reason) => ({ ...rollback, reason }));
    expect(check(sound.slice(0, 2), { hypotheses })).toMatchObject({ dropped: 1 });
    expect(check(sound.slice(0, 1), { hypotheses, proposals })).toMatchObject({ summary: [], proposals: [] });
  });
});

it('an answer says each thing once', () => {
  const again = { ...claim(' the connection IS refused. ') };
  expect(check([...sound.slice(0, 1), again])).toMatchObject({
    summary: sound.slice(0, 1),
    faults: ['the same again'],
  });
});
