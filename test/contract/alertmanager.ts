import { describe, expect, it, onTestFinished } from 'vitest';
import type { Alertmanager } from '../../src/core/ports/alertmanager.ts';
import { aRawAlert } from '../support/alerts.ts';

interface Opened {
  readonly adapter: Alertmanager;
  /** Prometheus says this. */
  readonly post: (alerts: readonly ReturnType<typeof aRawAlert>[]) => Promise<void>;
}

/** What an Alertmanager of version 0.25 or newer does, be it real or not. */
export function describeAlertmanager(name: 'real' | 'local' | 'fake', open: () => Promise<Opened>): void {
  describe(`the ${name} Alertmanager`, () => {
    it('names what fires, silenced alerts included with their silences, and silences and lifts', async () => {
      const { adapter, post } = await open();
      const labels = { alertname: 'Contract', run: `${process.pid}-${Date.now()}`, path: 'a|b.c' };
      const startsAt = new Date(Date.now() - 60_000).toISOString();
      const before = await adapter.firing();
      await post([aRawAlert(labels, { startsAt, endsAt: undefined })]);
      onTestFinished(() => post([aRawAlert(labels, { startsAt, endsAt: new Date().toISOString() })]));
      const loud = await adapter.firing();
      const comment = `a test of ${labels.run} [mark-0]`;
      const request = {
        matchers: [
          { name: 'run', value: labels.run, isRegex: false },
          { name: 'path', value: 'a\\|b\\.c|other', isRegex: true },
        ],
        startsAt: Date.now(),
        endsAt: Date.now() + 3_600_000,
        createdBy: 'contract',
        comment,
      };
      const id = await adapter.silence(request);
      // Others begin to fire meanwhile: ours is the one that is silenced.
      const silenced = async () => [...(await adapter.firing())].filter(([, ids]) => ids.includes(id));
      await expect.poll(silenced).toEqual([[expect.stringMatching(/^[0-9a-f]{16}$/), [id]]]);
      const [[print] = ['']] = await silenced();
      expect([before.has(print), loud.get(print)]).toEqual([false, []]);
      const silencedBy = async () => (await adapter.firing()).get(print);
      expect((await adapter.silences()).filter((one) => one.comment === comment)).toEqual([
        { id, comment, state: 'active' },
      ]);
      await adapter.lift(id);
      await expect.poll(silencedBy).toEqual([]);
      expect((await adapter.silences()).find((one) => one.id === id)?.state).toBe('expired');
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
