import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { detectors } from '../../../src/analysis/detectors/index.ts';

describe.each(detectors)('the detector $id', ({ id, kinds, params, configure }) => {
  it('has a page that names its findings, their titles and every parameter', () => {
    const path = `docs/detectors/${id}.md`;
    expect(existsSync(path)).toBe(true);
    const page = readFileSync(path, 'utf8');
    const { properties = {} } = z.toJSONSchema(params, { io: 'input' });
    for (const word of [...Object.entries(kinds).flat(), ...Object.keys(properties)]) expect(page).toContain(word);
    for (const part of ['**Fires**', '**Says**', '**Silent**', '**Remedy**']) expect(page).toContain(part);
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
