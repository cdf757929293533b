import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const run = promisify(execFile);

export const chart = 'helm/lifeguard';

/** The one value that has no default. */
export const channel = ['--set', 'config.slack.channel=C0123456789'];

const Manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});
export type Manifest = z.infer<typeof Manifest>;

export async function helm(...args: readonly string[]): Promise<string> {
  return (await run('helm', [...args], { maxBuffer: 2 ** 26 })).stdout;
}

/** What the chart makes of these values, as text; released as `lg`. */
export function templateText(...values: readonly string[]): Promise<string> {
  return helm('template', 'lg', chart, '--namespace', 'lifeguard-chart', ...channel, ...values);
}

export async function templateChart(...values: readonly string[]): Promise<readonly Manifest[]> {
  return parseAllDocuments(await templateText(...values)).flatMap((document) => {
    const value: unknown = document.toJS();
    return value === null ? [] : [Manifest.parse(value)];
  });
}
