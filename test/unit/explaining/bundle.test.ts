import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJsonObject, readArray, readPath, readString } from '../../../src/core/json.ts';
import { bundle } from '../../../src/explaining/bundle.ts';
import { fingerprintOf } from '../../../src/explaining/fingerprint.ts';
import { modelActions } from '../../../src/ops/model-proposals.ts';
import { aFinding, anEvidence, anIncident } from '../../support/builders.ts';
import { checkout, now, seconds } from '../../support/views.ts';

function read(...args: Parameters<typeof bundle>): unknown {
  return JSON.parse(bundle(...args));
}

describe('what a model is told', () => {
  it('is what the rules found, the evidence by its id, and the actions for the objects of the incident', () => {
    const told = read(anIncident({ evidence: [anEvidence()] }), modelActions);
    expect(readArray(told, 'evidence').map((one) => readString(one, 'id'))).toEqual(['F1', 'E1']);
    expect(readString(told, 'incident', 'about')).toBe('Deployment shop/checkout');
    const actions = readArray(told, 'actions').filter(isJsonObject);
    expect(actions.map(({ id }) => id)).toContain('rollback-workload');
    expect(actions.map(({ id }) => id)).not.toContain('drain-node');
    expect(actions.map(({ id }) => id)).not.toContain('remove-finalizer');
    expect(actions.every(({ targets }) => JSON.stringify(targets) === '["Deployment shop/checkout"]')).toBe(true);
    const rollback = actions.find(({ id }) => id === 'rollback-workload');
    expect(readArray(rollback, 'params').map((one) => readString(one, 'name'))).toEqual(['revision']);
  });

  it('leaves out secrets, also those that only show when texts come together', () => {
    const secret = ['ghp', 'a'.repeat(18) + 'B'.repeat(18)].join('_');
    const told = bundle(anIncident({ evidence: [anEvidence({ text: `DB_PASSWORD=hunter2000 token ${secret}` })] }), []);
    expect(told).not.toContain(secret);
    expect(told).not.toContain('hunter2000');
    expect(told).toContain('[redacted:');
  });

  it('is bounded, and keeps what tells most: an error before what happened at the same time', () => {
    const metrics = Array.from({ length: 20 }, (_, index) =>
      anEvidence({ id: `E${index + 1}`, kind: 'metric', source: 'memory', text: 'x'.repeat(5_000) }),
    );
    const log = anEvidence({ id: 'E21', text: `${'quiet\n'.repeat(50_000)}FATAL cannot reach payments` });
    const told = bundle(anIncident({ evidence: [...metrics, log] }), modelActions);
    expect(told.length).toBeLessThan(40_000);
    expect(told).toContain('FATAL cannot reach payments');
    const ids = readArray(JSON.parse(told), 'evidence').map((one) => readString(one, 'id'));
    expect(ids).toEqual(['F1', 'E1', 'E2', 'E3', 'E21']);
  });

  it('cannot be left by any text: it stays one string in the JSON, and no marks of a chat are in it', () => {
    const hostile = fc.array(
      fc.oneof(
        fc.constantFrom(
          '"}]}',
          '\\',
          '<|im_start|>system',
          '</evidence>',
          '[INST]',
          '```',
          '\n\n',
          '\u2028',
          '<!channel>',
        ),
        fc.string({ unit: 'binary', maxLength: 20 }),
      ),
    );
    fc.assert(
      fc.property(hostile, (parts) => {
        const text = parts.join('');
        const told = bundle(anIncident({ evidence: [anEvidence({ text })] }), []);
        expect(told).not.toMatch(/<[|/!]|\[INST\]/);
        const evidence = readArray(JSON.parse(told), 'evidence');
        expect(evidence).toHaveLength(2);
        expect(Object.keys(isJsonObject(evidence[1]) ? evidence[1] : {})).toEqual(['id', 'kind', 'source', 'text']);
        expect(Object.keys(isJsonObject(readPath(JSON.parse(told))) ? JSON.parse(told) : {})).toEqual([
          'incident',
          'evidence',
          'actions',
        ]);
      }),
    );
  });

  it('is the same text for the same incident', () => {
    const incident = anIncident({ evidence: [anEvidence()] });
    expect(bundle(structuredClone(incident), modelActions)).toBe(bundle(incident, modelActions));
  });
});

const log = [
  '2026-03-02T10:00:01.123Z request 7f3a9c2e-1b2c-4d5e-8f90-123456789abc took 120ms',
  'FATAL cannot reach payments at 10.0.0.5:5432, attempt 3, exit code 1, status 503',
].join('\n');

function printOf(text: string, overrides: Parameters<typeof anIncident>[0] = {}, model = 'm'): string {
  return fingerprintOf(anIncident({ evidence: [anEvidence({ text })], ...overrides }), model);
}

describe('the fingerprint of what a model would be asked', () => {
  it.each([
    ['another time', log.replace('10:00:01.123', '11:42:07.999')],
    ['another request', log.replace('7f3a9c2e', '00aa11bb')],
    ['another duration', log.replace('120ms', '4.5s')],
    ['another attempt', log.replace('attempt 3', 'attempt 17')],
    ['another address', log.replace('10.0.0.5', '10.0.1.99')],
    ['the same said more often', `${log}\n${log.split('\n')[1]}`],
    ['another order', log.split('\n').toReversed().join('\n')],
  ])('does not change with %s', (_what, text) => {
    expect(printOf(text)).toBe(printOf(log));
  });

  it.each([
    ['another message', log.replace('payments', 'orders')],
    ['another exit code', log.replace('code 1', 'code 137')],
    ['another status', log.replace('503', '404')],
    ['one more thing said', `${log}\npanic: no space left on device`],
  ])('changes with %s', (_what, text) => {
    expect(printOf(text)).not.toBe(printOf(log));
  });

  it('does not change with what happens around it, or how often it was seen', () => {
    const finding = aFinding({ occurrences: 40, affectedPods: 2, since: now - 900 * seconds });
    const related = [
      { finding: aFinding({ kind: 'alert', cause: 'High error rate.' }), because: 'same pods', holds: true },
    ];
    expect(printOf(log, { finding, related, occurrences: 40, severity: 'warning' })).toBe(printOf(log));
  });

  it('does not change with the pod that was looked at', () => {
    const pod = (name: string) => anEvidence({ source: `log of shop/${name}, container app`, text: log });
    const print = (name: string) => printOf(log, { evidence: [pod(name)] });
    expect(print('checkout-7d9f5b6c8-x2k9p')).toBe(print('checkout-7d9f5b6c8-q7w4z'));
    expect(print('checkout-7d9f5b6c8-x2k9p')).not.toBe(print('orders-7d9f5b6c8-x2k9p'));
  });

  it('changes with the model, the object, the cause and a release', () => {
    const release = (image: string) =>
      printOf(log, { evidence: [anEvidence({ kind: 'change', text: `image of app: shop:1.0.0 -> shop:${image}` })] });
    const prints = [
      printOf(log),
      printOf(log, {}, 'other'),
      printOf(log, { subject: { ...checkout, name: 'cart' } }),
      printOf(log, { finding: aFinding({ cause: 'Container app was killed for its memory.' }) }),
      release('1.0.1'),
      release('1.2.1'),
    ];
    expect(new Set(prints).size).toBe(prints.length);
  });
});
