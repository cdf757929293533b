import { describe, expect, it, onTestFinished } from 'vitest';
import type { Alertmanager } from '../../src/core/ports/alertmanager.ts';
import { aRawAlert } from '../support/alerts.ts';

/** What an Alertmanager of version 0.25 or newer does, be it real or not. `url`: its address; `open` gives the adapter on it. */
export function describeAlertmanager(
  name: 'real' | 'local',
  open: () => Promise<{ url: string; adapter: Alertmanager }>,
): void {
  describe(`the ${name} Alertmanager`, () => {
    it('names what fires, silenced alerts included, and silences and lifts', async () => {
      const { url, adapter } = await open();
      const labels = { alertname: 'Contract', run: `${process.pid}-${Date.now()}`, path: 'a|b.c' };
      const startsAt = new Date(Date.now() - 60_000).toISOString();
      const before = await adapter.firing();
      await post(url, [aRawAlert(labels, { startsAt, endsAt: undefined })]);
      onTestFinished(() => post(url, [aRawAlert(labels, { startsAt, endsAt: new Date().toISOString() })]));
      const [print] = [...(await adapter.firing())].filter((one) => !before.has(one));
      expect(print).toMatch(/^[0-9a-f]{16}$/);
      const request = {
        matchers: [
          { name: 'run', value: labels.run, isRegex: false },
          { name: 'path', value: 'a\\|b\\.c|other', isRegex: true },
        ],
        startsAt: Date.now(),
        endsAt: Date.now() + 3_600_000,
        createdBy: 'contract',
        comment: 'a test',
      };
      const id = await adapter.silence(request);
      await expect.poll(() => silencedBy(url, labels.run)).toEqual([id]);
      expect(await adapter.firing()).toContain(print);
      await adapter.lift(id);
      await expect.poll(() => silencedBy(url, labels.run)).toEqual([]);
      await adapter.lift(id);
    });

    it('refuses a silence that ends before it begins, in its own words', async () => {
      const { adapter } = await open();
      const at = Date.now();
      const wrong = {
        matchers: [{ name: 'run', value: 'x', isRegex: false }],
        startsAt: at,
        endsAt: at - 1_000,
        createdBy: 'contract',
        comment: 'a test',
      };
      await expect(adapter.silence(wrong)).rejects.toMatchObject({ code: 'alertmanager-rejected' });
    });

    it('does not mind the end of a silence that it does not know', async () => {
      const { adapter } = await open();
      await expect(adapter.lift('00000000-0000-4000-8000-000000000000')).resolves.toBeUndefined();
    });
  });
}

async function post(url: string, alerts: readonly object[]): Promise<void> {
  const body = JSON.stringify(alerts);
  const answer = await fetch(`${url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect(answer.status).toBe(200);
}

/** Ids of the silences in force for the alert of this run. */
async function silencedBy(url: string, run: string): Promise<unknown> {
  const filter = encodeURIComponent(`run="${run}"`);
  const [alert] = JSON.parse(await (await fetch(`${url}/api/v2/alerts?filter=${filter}`)).text());
  return alert?.status?.silencedBy;
}
