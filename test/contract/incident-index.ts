import { expect, it } from 'vitest';
import type { IncidentIndex } from '../../src/core/ports/incident-index.ts';

const fingerprint = 'fingerprint-1';
const nobody = undefined;

/** What every index of incidents promises. `open` answers an empty one. */
export function describeIncidentIndex(open: () => Promise<IncidentIndex>): void {
  it('knows nothing at first', async () => {
    const index = await open();
    expect(await index.find(fingerprint)).toBeUndefined();
    expect(await index.open()).toEqual([]);
  });

  it('gives a fingerprint to who claims it first, and tells everyone else who that is', async () => {
    const index = await open();
    expect(await index.claim({ fingerprint, id: 'inc-1', replaces: nobody })).toBe('inc-1');
    expect(await index.claim({ fingerprint, id: 'inc-2', replaces: nobody })).toBe('inc-1');
    expect(await index.claim({ fingerprint: 'fingerprint-2', id: 'inc-2', replaces: nobody })).toBe('inc-2');
    expect(await index.find(fingerprint)).toBe('inc-1');
  });

  it('has one winner of fifty who claim at the same time, and all hear of it', async () => {
    const index = await open();
    const ids = Array.from({ length: 50 }, (_, number) => `inc-${number}`);
    const holders = await Promise.all(ids.map((id) => index.claim({ fingerprint, id, replaces: nobody })));
    expect(new Set(holders).size).toBe(1);
    expect(await index.find(fingerprint)).toBe(holders[0]);
  });

  it('passes a fingerprint on from the holder that was seen, once', async () => {
    const index = await open();
    await index.claim({ fingerprint, id: 'inc-1', replaces: nobody });
    const ids = Array.from({ length: 50 }, (_, number) => `inc-new-${number}`);
    const holders = await Promise.all(ids.map((id) => index.claim({ fingerprint, id, replaces: 'inc-1' })));
    expect(new Set(holders).size).toBe(1);
    expect(ids).toContain(holders[0]);
    expect(await index.find(fingerprint)).toBe(holders[0]);
  });

  it('gives a fingerprint that nobody holds any more, whoever was seen holding it', async () => {
    const index = await open();
    expect(await index.claim({ fingerprint, id: 'inc-2', replaces: 'inc-1' })).toBe('inc-2');
    expect(await index.find(fingerprint)).toBe('inc-2');
  });

  it('lists what is open, oldest first, each once', async () => {
    const index = await open();
    for (const id of ['m', 'z', 'a', 'q']) await index.setOpen(id, true);
    await index.setOpen('m', true);
    await index.setOpen('never', false);
    expect(await index.open()).toEqual(['m', 'z', 'a', 'q']);
    await index.setOpen('z', false);
    expect(await index.open()).toEqual(['m', 'a', 'q']);
    await index.setOpen('z', true);
    expect(await index.open()).toEqual(['m', 'a', 'q', 'z']);
  });
}
