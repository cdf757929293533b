import { expect, it } from 'vitest';
import { createAlertmanager } from '../../src/platform/alertmanager/alertmanager.ts';
import { postAlerts } from '../support/alert-stage.ts';
import { startAlertmanager } from '../support/alertmanager.ts';
import { aNotification, aRawAlert } from '../support/alerts.ts';
import { approver, channel } from '../support/lifeguard.ts';
import { play, releaseWell, replyWith, rootWith, writesTo } from '../support/shop-scenario.ts';

it('an alert is silenced and lifted from Slack: proposed, approved, proven, told, and nothing else is changed', async () => {
  const { url } = await startAlertmanager();
  const scene = await play({ alertmanager: `{ url: '${url}' }` });
  const { slack, port } = scene;
  await releaseWell(scene);
  const startsAt = new Date(Date.now() - 60_000).toISOString();
  const firing = aRawAlert({ namespace: 'shop', deployment: 'app' }, { startsAt, endsAt: undefined });
  await postAlerts(url, [firing]);
  const alertmanager = createAlertmanager({ url });
  const [fingerprint = ''] = [...(await alertmanager.firing()).keys()];
  const silencedBy = async () => (await alertmanager.firing()).get(fingerprint);
  const body = aNotification([{ ...firing, fingerprint }]);
  const headers = { 'content-type': 'application/json' };
  await fetch(`http://127.0.0.1:${port}/webhooks/alertmanager`, { method: 'POST', headers, body });
  const root = await rootWith(slack, 'shop/app: alert PodsFailing fires');
  const id = /inc-[a-z0-9]+/.exec(JSON.stringify(root))?.[0] ?? '';
  const approve = { user: approver, channel, buttonText: 'Approve' };

  await slack.command({ user: approver, channel, text: `/kube silence ${id} 2h a release is under way` });
  const card = await rootWith(slack, 'op:approve', `Silence PodsFailing of ${id} in Alertmanager for 2h.`);
  expect([card.ts, await silencedBy()]).toEqual([root.ts, []]);
  await slack.click({ ...approve, ts: root.ts });
  await replyWith(slack, root, 'Silenced: alert PodsFailing is silenced until');
  await rootWith(slack, 'alerts silenced until');
  await replyWith(slack, root, `The change of shop/${id} is proven`);
  expect(await silencedBy()).toHaveLength(1);
  expect((await alertmanager.silences()).map(({ comment }) => comment)).toEqual([
    expect.stringMatching(new RegExp(`^${id} .*: a release is under way \\[\\w+-apply-0\\]$`)),
  ]);
  await rootWith(slack, '[WARNING] shop/app: alert PodsFailing fires');

  await slack.command({ user: approver, channel, text: `/kube unsilence ${id}` });
  await rootWith(slack, 'op:approve', `Lift the silence of PodsFailing of ${id}.`);
  await slack.click({ ...approve, ts: root.ts });
  await replyWith(slack, root, 'No longer silenced: alert PodsFailing');
  expect(await silencedBy()).toEqual([]);
  expect(writesTo(scene.cluster, 'tried')).toEqual([]);
});
