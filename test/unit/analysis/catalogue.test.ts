import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { detectors } from '../../../src/analysis/detectors/index.ts';
import { calmPlays } from '../../scenarios/cases/calm-plays.ts';
import { benign, faults } from '../../scenarios/cases/index.ts';
import { faultPlays } from '../../scenarios/cases/plays.ts';

/** Kinds of finding that a scenario brings about, and detectors that a benign twin leaves silent. */
const found: ReadonlySet<string> = new Set([
  ...faults.flatMap(({ expects }) => expects),
  ...faultPlays.map((play) => play.expects),
]);
const spared: ReadonlySet<string> = new Set([
  ...benign.flatMap(({ spares = [] }) => spares),
  ...calmPlays.map((play) => play.spares),
]);

describe.each(detectors)('the detector $id', ({ id, kinds, params, configure }) => {
  it('has a page that names its findings, their titles and every parameter', () => {
    const path = `docs/detectors/${id}.md`;
    expect(existsSync(path)).toBe(true);
    const page = readFileSync(path, 'utf8');
    const { properties = {} } = z.toJSONSchema(params, { io: 'input' });
    for (const word of [...Object.entries(kinds).flat(), ...Object.keys(properties)]) expect(page).toContain(word);
    for (const part of ['**Fires**', '**Says**', '**Silent**', '**Remedy**']) expect(page).toContain(part);
  });

  it('has a scenario for each of its findings, and a benign twin', () => {
    expect(Object.keys(kinds).filter((kind) => !found.has(kind))).toEqual([]);
    expect(spared).toContain(id);
  });

  it('needs no configuration', () => {
    expect(configure({}).id).toBe(id);
  });
});

it('no two detectors give the same id or kind', () => {
  const kinds = detectors.flatMap((detector) => Object.keys(detector.kinds));
  expect(new Set(kinds).size).toBe(kinds.length);
  expect(new Set(detectors.map(({ id }) => id)).size).toBe(detectors.length);
});
