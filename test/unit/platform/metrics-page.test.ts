import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Names of metrics as they are declared. */
const declared = /name: '([a-z_]+_(?:total|seconds|connected|bytes)|slack_connected)'/g;

it('every metric is on its page, and every one on the page exists', () => {
  const names = globSync('src/**/*.ts').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(declared)].map(([, name]) => `lifeguard_${name}`),
  );
  const page = readFileSync('docs/metrics.md', 'utf8');
  const documented = [...page.matchAll(/^\| `(lifeguard_[a-z_]+)` \|/gm)].map(([, name]) => name);
  expect(new Set(documented)).toEqual(new Set(names));
  expect(names.length).toBeGreaterThan(10);
});
