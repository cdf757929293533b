import { expect, it } from 'vitest';
import { createAlertmanager } from '../../src/platform/alertmanager/alertmanager.ts';
import { startAlertmanager } from '../support/alertmanager.ts';
import { describeAlertmanager } from './alertmanager.ts';

describeAlertmanager('local', async () => {
  const { url } = await startAlertmanager();
  return { url, adapter: createAlertmanager({ url: `${url}/` }) };
});

it('says what to check where nothing answers', async () => {
  const adapter = createAlertmanager({ url: 'http://127.0.0.1:9' });
  await expect(adapter.firing()).rejects.toMatchObject({
    code: 'alertmanager-unreachable',
    message: expect.stringContaining('Check alertmanager.url.'),
  });
});
