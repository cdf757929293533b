import { describe, expect, it } from 'vitest';
import { callApprovers } from '../../../src/composition/approvers.ts';
import { parseConfig } from '../../../src/composition/run.ts';
import { aProposal } from '../../support/builders.ts';

const everybody = '{ users: { U_ANA: approver, U_BEN: operator }, groups: { S_ONCALL: approver, S_DEV: viewer } }';
const people = '{ users: { U_ANA: approver, U_BEN: operator } }';

function called(roles: string, policy: string): string | undefined {
  const config = parseConfig(`slack: { channel: C_OPS, roles: ${roles} }\npolicy: ${policy}\n`, 'test.yaml');
  return callApprovers(aProposal(), config);
}

describe('where the autonomy is approve', () => {
  it('calls the groups that may approve', () => {
    expect(called(everybody, '{ autonomy: approve }')).toBe('<!subteam^S_ONCALL>');
  });

  it('calls the people by name where no group may', () => {
    expect(called(people, '{ autonomy: approve }')).toBe('<@U_ANA>');
  });

  it('goes by the rule for the action and its namespace', () => {
    const rule = (namespace: string) => `{ rules: [{ namespaces: [${namespace}], autonomy: approve }] }`;
    expect(called(people, rule('shop'))).toBe('<@U_ANA>');
    expect(called(people, rule('other'))).toBeUndefined();
  });
});

it('calls who may approve in that namespace only, there and nowhere else', () => {
  const rules = (namespace: string) =>
    `{ rules: [{ namespaces: [${namespace}], users: { U_ABE: approver }, groups: { S_SHOP: admin } }] }`;
  expect(called(rules('sh*'), '{ autonomy: approve }')).toBe('<!subteam^S_SHOP>');
  expect(called(rules('other'), '{ autonomy: approve }')).toBeUndefined();
});

it.each(['observe', 'suggest', 'auto'])('calls nobody where the autonomy is %s', (autonomy) => {
  expect(called(everybody, `{ autonomy: ${autonomy} }`)).toBeUndefined();
});
