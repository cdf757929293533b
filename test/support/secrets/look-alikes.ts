import { type Draw, drawing } from './random.ts';

/** A text without secrets, all of which has to stay. */
export interface LookAlike {
  readonly name: string;
  readonly text: string;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const uuid = (draw: Draw): string => [8, 4, 4, 4, 12].map((length) => draw('hex', length)).join('-');
const pod = (draw: Draw): string => `checkout-api-${draw('lower', 10)}-${draw('lower', 5)}`;

/** What only looks like a secret, each drawn several times. */
const drawn: Readonly<Record<string, (draw: Draw) => string>> = {
  'an image digest': (draw) =>
    `Successfully pulled image "ghcr.io/shop/web@sha256:${draw('hex', 64)}" in 1.2s (1.2s including waiting)`,
  'a SHA-1 of a commit': (draw) => `release 1.4.2 built from commit ${draw('hex', 40)}`,
  'a short commit': (draw) =>
    `image ghcr.io/shop/web:main-${draw('hex', 7)} -> ghcr.io/shop/web:main-${draw('hex', 7)}`,
  'a container id': (draw) => `containerID: containerd://${draw('hex', 64)}`,
  'a UUID': (draw) => `volume for pvc-${uuid(draw)} is bound`,
  'a UID in a path': (draw) =>
    `/var/lib/kubelet/pods/${uuid(draw)}/volumes/kubernetes.io~projected/kube-api-access-${draw('lower', 5)}`,
  'a pod': (draw) => `Created pod: ${pod(draw)}`,
  'several pods': (draw) => `0/3 ready: ${pod(draw)}, ${pod(draw)}, ${pod(draw)}`,
  'a resource version': (draw) =>
    `Operation cannot be fulfilled on deployments.apps "web": resourceVersion: "${draw('hex', 9).replace(/[a-f]/g, '7')}"`,
  'a trace id': (draw) => `{"traceId":"${draw('hex', 32)}","spanId":"${draw('hex', 16)}","msg":"timeout"}`,
  'a W3C trace parent': (draw) => `traceparent: 00-${draw('hex', 32)}-${draw('hex', 16)}-01`,
  'an X-Ray id': (draw) => `X-Amzn-Trace-Id: Root=1-${draw('hex', 8)}-${draw('hex', 24)}`,
  'a ULID': (draw) => `order 01${draw('upper', 24)} was placed`,
  'a CUID': (draw) => `cart c${draw('lower', 24)} is empty`,
  'an id of Elasticsearch': (draw) =>
    `[node-1] master node changed {previous [], current [{node-1}{${draw('url', 22).replace(/^-/, 'a')}}{10.0.0.5:9300}]}`,
  'an etag': (draw) => `304 Not Modified etag="${draw('hex', 32)}"`,
  'a fingerprint of an SSH key': (draw) =>
    `Accepted publickey for deploy from 10.0.0.9 port 51514 ssh2: RSA SHA256:${draw('base64', 43)}`,
  'an integrity of npm': (draw) => `npm WARN integrity sha512-${draw('base64', 86)}== differs`,
  'an extended request id': (draw) =>
    `AccessDenied (Service: Amazon S3; Status Code: 403; Extended Request ID: ${draw('base64', 75)}=)`,
  'a node name': (draw) =>
    `Successfully assigned shop/${pod(draw)} to gke-shop-default-pool-${draw('hex', 8)}-${draw('lower', 4)}`,
  'an address in hexadecimal': (draw) => `goroutine 1 [running]: main.main() 0x${draw('hex', 12)} +0x1d`,
  'a certificate authority': (draw) =>
    `caBundle: ${base64(`-----BEGIN CERTIFICATE-----\n${draw('base64', 64)}\n-----END CERTIFICATE-----\n`)}`,
  'base64 of plain words': () => `payload ${base64('the quick brown fox jumps over the lazy dog')}`,
  'base64 of a short word': () => `c2hvcA== ${base64('hello world')}`,
  'an ECR image': (draw) => `123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/web:build-${draw('hex', 8)}`,
  'a Kafka client': (draw) =>
    `[Consumer clientId=consumer-shop-1, groupId=shop] (Re-)joining group, memberId=consumer-shop-1-${uuid(draw)}`,
};

/** Said once each. */
const fixed: readonly string[] = [
  'MountVolume.SetUp failed for volume "tls" : secret "web-tls" not found',
  "Error: couldn't find key DB_PASSWORD in Secret shop/db-creds",
  '    tls:\n      Type:        Secret (a volume populated by a Secret)\n      SecretName:  web-tls\n      Optional:    false',
  "      DB_PASSWORD:  <set to the key 'password' in secret 'db-creds'>  Optional: false",
  '        valueFrom:\n          secretKeyRef:\n            name: db-creds\n            key: password',
  '    TokenExpirationSeconds:  3607\n    ConfigMapName:           kube-root-ca.crt',
  'automountServiceAccountToken: true',
  'imagePullSecrets:\n  - name: regcred',
  'DB_PASSWORD_FILE=/run/secrets/db-password',
  'TOKEN_URL=https://auth.example.com/oauth/token',
  'secretName: checkout-tls-2026',
  'password: ${DB_PASSWORD}',
  'args: ["--token-file=/var/run/secrets/kubernetes.io/serviceaccount/token"]',
  'command: mysqladmin ping -p$(MYSQL_PASSWORD)',
  'password: ******',
  'SyntaxError: Unexpected token } in JSON at position 42',
  'Unexpected token: <EOF>',
  'error parsing token: unexpected EOF',
  'invalid token: expired at 2026-03-01T10:00:00Z',
  'password: required',
  'FATAL: password authentication failed for user "shop"',
  'Failed password for root from 10.0.0.9 port 22 ssh2',
  'WWW-Authenticate: Basic realm="shop"',
  'basic authentication is required',
  'bearer authentication scheme expected',
  'usage: prompt_tokens=512 completion_tokens=128 max_tokens: 4096',
  'tokenizer=wordpiece tokenization: off',
  'PWD=/app OLDPWD=/',
  'key=shop:checkout:v12 partition_key=customer-000123 cache_key=cart-7',
  'author: ada, passed: 12 of 12, compass: north',
  'primary_key=id foreign_key=order_id',
  'GET https://shop.example.com:8443/orders?page=2&sort=created_at 200 12ms',
  'http://alertmanager.monitoring.svc:9093/api/v2/silences from a@b.example',
  'git@github.com:shop/web.git ssh://git@github.com/shop/web.git',
  'mongodb://db-0:27017,db-1:27017/shop?replicaSet=rs0',
  'postgres://db:5432/shop refused',
  'at com.example.shop.CheckoutServiceImplEnhancerBySpringCGLIB1a2b3c.placeOrder(CheckoutService.java:118)',
  'org.springframework.beans.factory.UnsatisfiedDependencyException: AbstractAutowireCapableBeanFactory2',
  'org.apache.hadoop.mapreduce.v2.app.rm.RMContainerAllocator: ContainerLauncherImpl attempt_1445144423722_0020_m_000001_0',
  'java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue.take(ScheduledThreadPoolExecutor.java:1182)',
  'TypeError: Cannot read properties of undefined (reading "getUserPreferencesByAccountId2")',
  '/usr/src/app/node_modules/@shop/checkout-service/dist/src/controllers/PaymentWebhookController.v2.js:118:24',
  '/home/runner/_work/Shop/Shop/src/Modules/Checkout/Infrastructure/Persistence/OrderRepository2.cs',
  'k8s_POD_checkout-7d9f8b6c5d-x2k4b_shop_1f3c2a4b-5d6e-4f70-8a91-b2c3d4e5f607_0',
  'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7vbqajDhA8Jq4F5w2mC9Xk deploy@shop',
  '0/5 nodes are available: 3 Insufficient memory, 2 node(s) had untolerated taint {dedicated: batch}.',
  'Readiness probe failed: HTTP probe failed with statuscode: 503',
  'OOMKilled: limit 128Mi, exit code 137, sk-8 pods of api-7f9c',
  'docker-pullable://registry.example.com/shop/web@sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0',
  'Exception in thread "main" HTTPServer2MultipleConnectorsConfigurationExceptionTest',
  'cluster-id: MkU3OEVBNTcwNTJENDM2Qk, leader epoch 12',
  'npm ERR! code ERESOLVE react@18.2.0 node_modules/react/cjs/react.development.js',
  'arn:aws:iam::123456789012:role/eks-shop-NodeInstanceRole-1A2B3C4D5E6F',
  'user "system:serviceaccount:shop:web" cannot get resource "secrets" in API group ""',
  'secret/db-creds created; secret: not found',
  'Authorization: required',
  'alert HostDiskMayFillIn24Hours and KubePersistentVolumeFillingUpIn4Days',
  'https://docs.example.com/document/Shop/CheckoutRunbookVersion2/edit',
  'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
  'session_id missing; cookie: none',
];

const each = 8;

export function lookAlikes(): readonly LookAlike[] {
  const draw = drawing(7);
  const many = Object.entries(drawn).flatMap(([name, make]) =>
    Array.from({ length: each }, () => ({ name, text: make(draw) })),
  );
  return [...many, ...fixed.map((text) => ({ name: text.slice(0, 60), text }))];
}
