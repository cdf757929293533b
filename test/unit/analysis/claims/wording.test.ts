import { describe, expect, it } from 'vitest';
import { faultOf } from '../../../../src/analysis/claims/check.ts';
import { citableOf } from '../../../../src/core/citable.ts';
import { anEvidence, anIncident } from '../../../support/builders.ts';
import { now, seconds } from '../../../support/views.ts';

/** A workload that lost its dependency after a release, as it is collected. */
const incident = anIncident({
  evidence: [
    anEvidence({
      source: 'log of shop/checkout-7d9f5b6c8-x2k9p, container app, the run that crashed',
      text: [
        '2026-03-02T10:00:01Z INFO starting checkout 1.0.1',
        '2026-03-02T10:00:02Z ERROR failed to connect to payments.shop.svc.cluster.local:8080: dial tcp 10.96.3.7:8080: connect: connection refused',
        '2026-03-02T10:00:02Z FATAL required dependency payments is not available, exiting',
      ].join('\n'),
    }),
    anEvidence({
      id: 'E2',
      kind: 'change',
      source: 'revision 1 -> 2 of shop/checkout',
      at: now - 40 * seconds,
      text: [
        'image of app: shop/checkout:1.0.0 -> shop/checkout:1.0.1',
        'env PAYMENTS_URL of app: http://payments:80 -> http://payments.shop.svc.cluster.local:8080',
      ].join('\n'),
    }),
    anEvidence({
      id: 'E3',
      kind: 'event',
      source: 'Events of shop/checkout',
      text: [
        'BackOff (12x): Back-off restarting failed container app in pod checkout-7d9f5b6c8-x2k9p_shop(1234)',
        'Unhealthy (3x): Readiness probe failed: HTTP probe failed with statuscode: 503',
      ].join('\n'),
    }),
    anEvidence({
      id: 'E4',
      kind: 'metric',
      source: 'Memory of shop/checkout',
      text: 'Memory grew from 120 MiB to 512 MiB in 1 h; the limit is 512 MiB.',
    }),
    anEvidence({
      id: 'E5',
      kind: 'pattern',
      source: 'patterns of shop/checkout',
      text: '340 lines since 10:00: connection to <*> refused (new). Sample: connection to 10.96.3.7:8080 refused',
    }),
    anEvidence({
      id: 'E6',
      kind: 'event',
      source: 'Events of shop/checkout',
      text: 'Failed (5x): exec: "wge": executable file not found in $PATH; wget may be meant; the docker registry refuses the helm chart 4.1.2',
    }),
    anEvidence({
      id: 'E7',
      kind: 'event',
      source: 'Events of shop/checkout',
      text: 'failed calling webhook: Post "https://policy.shop.svc:443/validate": context deadline exceeded',
    }),
  ],
});
const basis = { evidence: citableOf(incident), incident };

describe('what a careful person would write about it is not lost', () => {
  it.each([
    ['The checkout deployment is crash looping: its container app exits with code 1 after 2 s.', ['F1']],
    [
      'The application cannot connect to payments.shop.svc.cluster.local:8080 because the connection is refused.',
      ['E1'],
    ],
    ['The app container exits since the required dependency payments is not available.', ['E1']],
    [
      'Revision 2 changed the image from shop/checkout:1.0.0 to shop/checkout:1.0.1 and PAYMENTS_URL to port 8080.',
      ['E2'],
    ],
    ['The crashes began 20 s after revision 2 was released, which also changed PAYMENTS_URL.', ['F1', 'E2']],
    ['Kubernetes reports a BackOff for the container app, and the readiness probe fails with status code 503.', ['E3']],
    ['Memory grew from 120 MiB to 512 MiB within 1 h and reached its limit of 512 MiB.', ['E4']],
    ['The new pattern “connection to <*> refused” appeared in 340 lines.', ['E5']],
    ['The Readiness probe failed 3 times with an HTTP 503.', ['E3']],
    ['The payments service may not listen on port 8080.', ['E1']],
    ['The payments Service has no ready endpoints.', ['E1']],
    ['A wrong PAYMENTS_URL in revision 2 probably led to the refused connections.', ['E1', 'E2']],
    ['The Endpoints of payments are empty while this hypothesis holds.', ['E1']],
    ['A connection to payments.shop.svc.cluster.local:8080 from another pod succeeds.', ['E1']],
    ['Checkout fails at startup: it cannot reach payments, so every pod restarts.', ['E1']],
    ['The log shows "connection refused" when it dials 10.96.3.7:8080.', ['E1']],
    ['The log says "connection refused." It also names payments; The app exits.', ['E1']],
    ['The log says "required dependency payments is not available," and the app exits.', ['E1']],
    ["The event reads 'Unhealthy (3x): Readiness probe failed'.", ['E3']],
    ['Its command wge is not in the image; wget may be meant.', ['E6']],
    ['Kubernetes reports "exec: \'wge\': executable file not found in $PATH".', ['E6']],
    ['The docker registry refuses the helm chart 4.1.2.', ['E6']],
    ['The connection is refused', ['E1']],
    [`The webhook fails: 'Post "https://policy.shop.svc:443/validate": context deadline exceeded'.`, ['E7']],
    ['All pods are affected; the previous revision used http://payments:80.', ['E2']],
    ['The failure is in a downstream dependency rather than in the checkout code itself.', ['E1']],
    ['Check whether the payments pods are ready and listen on 8080.', ['E1']],
    ['A memory leak in the app may explain the growth until the limit is hit.', ['E4']],
    ['The container restarts repeatedly; the last run ended with a FATAL message about payments.', ['E1']],
    ['The problem started at 10:00:02 when the app tried to open a TCP connection.', ['E1']],
    ['The service does not come up as its upstream refuses connections.', ['E1']],
    ['Network policies could block traffic between checkout and payments.', ['E1']],
    ['The ConfigMap or environment variable for the payments address is wrong.', ['E2']],
    ['If payments answers on port 80 but not on port 8080, the new URL is wrong.', ['E2']],
    ['The container image shop/checkout:1.0.1 starts but exits immediately.', ['E1', 'E2']],
    ['The deployment rolled out revision 2 shortly before the first crash.', ['F1']],
    ['The pod log ends with “required dependency payments is not available, exiting”.', ['E1']],
  ])('%s', (text, evidence) => {
    expect(faultOf({ text, evidence }, basis)).toBeUndefined();
  });
});

describe('what somebody who guesses would write about it is', () => {
  it.each([
    ['The database is overloaded, so checkout cannot start.', ['E1']],
    ['The payments deployment was scaled down to zero replicas.', ['E1']],
    ['DNS cannot resolve payments.shop.svc.cluster.local.', ['E1']],
    ['The TLS handshake with payments fails.', ['E1']],
    ['The container was OOMKilled at 512 MiB.', ['E4']],
    ['The liveness probe killed the container 12 times.', ['E1']],
    ['The crashes began right after the node was drained.', ['E1']],
    ['A network policy named deny-all blocks the traffic.', ['E1']],
    ['The growth of memory caused the crashes.', ['E4']],
    ['About 30% of the requests fail.', ['E1']],
    ['The password of payments is wrong.', ['E1']],
    ['The disk of node-3 is full.', ['E1']],
    ['Redis refuses the connection.', ['E1']],
    ['It has been failing since yesterday.', ['E1']],
    ['An attacker has compromised the checkout image.', ['E2']],
    ['Roll back to revision 1.', ['E2']],
    ['It recovers with wget payments.shop.svc.cluster.local:8080.', ['E1']],
    ['It recovers with docker image rm shop/checkout:1.0.0.', ['E2']],
    ['It recovers with helm rollback checkout.', ['E2']],
    ['The webhook fails: Post https://policy.shop.svc:443/validate again.', ['E7']],
    ['It recovers with ssh payments.shop.svc.cluster.local.', ['E1']],
    ['You should increase the memory limit to 1 GiB.', ['E4']],
    ['The log is', ['E1']],
    ['A Deployment (pods) is a container that manages virtual filesystems.', ['F1']],
    ['The reason is that the container is not running a service that makes it possible to stop and continue.', ['F1']],
    ['Deployment shop/checkout.', ['E1']],
    ['2026-03-02T10:00:02Z', ['E1']],
    ['The connection is refused, and the container app has a log, a', ['E1']],
  ])('%s', (text, evidence) => {
    expect(faultOf({ text, evidence }, basis)).toBeDefined();
  });
});
