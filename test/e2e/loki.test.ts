import { describeLoki } from '../contract/loki.ts';

const url = process.env['LOKI_URL'] ?? 'http://127.0.0.1:13100';

describeLoki('a real Loki', async () => url);
