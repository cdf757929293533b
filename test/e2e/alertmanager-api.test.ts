import { createAlertmanager } from '../../src/platform/alertmanager/alertmanager.ts';
import { describeAlertmanager } from '../contract/alertmanager.ts';
import { postAlerts, alertmanagerUrl as url } from '../support/alert-stage.ts';

describeAlertmanager('real', async () => ({
  adapter: createAlertmanager({ url }),
  post: (alerts) => postAlerts(url, alerts),
}));
