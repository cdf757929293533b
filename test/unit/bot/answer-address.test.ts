import { expect, it } from 'vitest';
import { isSlack } from '../../../src/bot/app.ts';

const slack = 'https://slack.com/api/';
const local = 'http://127.0.0.1:4000/api/';

it.each([
  ['https://hooks.slack.com/commands/T1/2/3', slack, true],
  ['https://slack.com/api/chat.postMessage', slack, true],
  ['https://files.slack.com/upload', local, true],
  ['http://127.0.0.1:4000/response/1', local, true],
  ['http://127.0.0.1:4000/response/1', slack, false],
  ['http://127.0.0.1:4001/response/1', local, false],
  ['http://hooks.slack.com/commands', slack, false],
  ['https://hooks.slack.com:8443/commands', slack, false],
  ['https://hooks.slack.com.evil.example/', slack, false],
  ['https://hooks.slack.com@evil.example/', slack, false],
  ['https://evil-slack.com/', slack, false],
  ['https://evil.example/hooks.slack.com', slack, false],
  ['https://hooks.slack.com\\@evil.example/', slack, true],
  ['file:///etc/passwd', local, false],
])('%s with the API at %s: %s', (url, apiUrl, allowed) => {
  expect(isSlack(new URL(url), apiUrl)).toBe(allowed);
});
