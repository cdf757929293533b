import { describe, expect, it } from 'vitest';
import { playStream } from '../support/stream-player.ts';
import { benign, faults } from './cases/index.ts';
import { judgeFault } from './cases/verdict.ts';

describe('a recorded fault becomes one incident', () => {
  it.each(faults)('$id: $what', async (fault) => {
    const { incidents } = await playStream(fault);
    const { match, alone } = judgeFault(fault, incidents);
    const said = incidents.map(({ kind, subject }) => `${kind} of ${subject.kind}/${subject.name}`);
    expect({ found: match !== undefined, alone, said }).toEqual({ found: true, alone: true, said: expect.anything() });
  });
});

describe('what only looks like trouble becomes none', () => {
  it.each(benign)('$id: $what', async (one) => {
    const { incidents } = await playStream(one);
    expect(incidents.map(({ title, cause }) => `${title}: ${cause}`)).toEqual([]);
  });
});
