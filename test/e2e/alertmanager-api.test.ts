import { createAlertmanager } from '../../src/platform/alertmanager/alertmanager.ts';
import { describeAlertmanager } from '../contract/alertmanager.ts';

const url = process.env['ALERTMANAGER_URL'] ?? 'http://127.0.0.1:19093';

describeAlertmanager('real', async () => ({ url, adapter: createAlertmanager({ url }) }));
