import { expect, it } from 'vitest';
import { createAlertmanager } from '../../src/platform/alertmanager/alertmanager.ts';
import { postAlerts } from '../support/alert-stage.ts';
import { startAlertmanager } from '../support/alertmanager.ts';
import { createFakeAlertmanager } from '../support/fakes/alertmanager.ts';
import { describeAlertmanager } from './alertmanager.ts';

describeAlertmanager('fake', async () => {
  const adapter = createFakeAlertmanager({ now: () => Date.now() });
  return { adapter, post: async (alerts) => adapter.post(alerts) };
});

describeAlertmanager('local', async () => {
  const { url } = await startAlertmanager();
  return { adapter: createAlertmanager({ url: `${url}/` }), post: (alerts) => postAlerts(url, alerts) };
});

it('says what to check where nothing answers', async () => {
  const adapter = createAlertmanager({ url: 'http://127.0.0.1:9' });
  await expect(adapter.firing()).rejects.toMatchObject({
    code: 'alertmanager-unreachable',
    message: expect.stringContaining('Check alertmanager.url.'),
  });
});
