import { type Draw, drawing } from './random.ts';

/** A text with secrets in it, none of which may be left. Built from parts at run time, so that no scanner takes this file for a leak. */
export interface Planted {
  readonly name: string;
  readonly text: string;
  readonly secrets: readonly string[];
}

const join = (...parts: readonly string[]): string => parts.join('');
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** What is a secret wherever it stands. */
const tokens: Readonly<Record<string, (draw: Draw) => string>> = {
  'GitHub personal token': (draw) => join('gh', 'p_', draw('mixed', 36)),
  'GitHub OAuth token': (draw) => join('gh', 'o_', draw('mixed', 36)),
  'GitHub app token': (draw) => join('gh', 's_', draw('mixed', 36)),
  'GitHub refresh token': (draw) => join('gh', 'r_', draw('mixed', 76)),
  'GitHub fine-grained token': (draw) => join('github', '_pat_', draw('mixed', 22), '_', draw('mixed', 59)),
  'GitLab token': (draw) => join('glp', 'at-', draw('url', 20)),
  'GitLab runner token': (draw) => join('glr', 't-', draw('url', 20)),
  'GitLab deploy token': (draw) => join('gld', 't-', draw('url', 20)),
  'Slack bot token': (draw) => join('xo', 'xb-', '123456789012-1234567890123-', draw('mixed', 24)),
  'Slack user token': (draw) => join('xo', 'xp-', '123456789012-123456789012-1234567890123-', draw('hex', 32)),
  'Slack app token': (draw) => join('xa', 'pp-1-A0', draw('upper', 9), '-1234567890123-', draw('hex', 64)),
  'Slack configuration token': (draw) => join('xo', 'xe.xo', 'xp-1-', draw('upper', 160)),
  'AWS access key id': (draw) => join('AK', 'IA', draw('upper', 16)),
  'AWS temporary key id': (draw) => join('AS', 'IA', draw('upper', 16)),
  'AWS secret key, bare': (draw) => draw('base64', 40),
  'Google API key': (draw) => join('AI', 'za', draw('url', 35)),
  'Google OAuth secret': (draw) => join('GOC', 'SPX-', draw('url', 28)),
  'Google access token': (draw) => join('ya', '29.', draw('url', 120)),
  'Azure client secret': (draw) => join(draw('mixed', 3), '8', 'Q~', draw('url', 34)),
  'Stripe secret key': (draw) => join('sk', '_live_', draw('mixed', 24)),
  'Stripe restricted key': (draw) => join('rk', '_test_', draw('mixed', 24)),
  'Stripe webhook secret': (draw) => join('wh', 'sec_', draw('mixed', 32)),
  'npm token': (draw) => join('np', 'm_', draw('mixed', 36)),
  'PyPI token': (draw) => join('py', 'pi-AgEIcHlwaS5vcmc', draw('url', 80)),
  'SendGrid key': (draw) => join('S', 'G.', draw('url', 22), '.', draw('url', 43)),
  'Twilio key': (draw) => join('S', 'K', draw('hex', 32)),
  'OpenAI key': (draw) => join('s', 'k-proj-', draw('url', 48)),
  'OpenAI key, old': (draw) => join('s', 'k-', draw('mixed', 20), 'T3Blbk', 'FJ', draw('mixed', 20)),
  'Anthropic key': (draw) => join('s', 'k-ant-api03-', draw('url', 93), 'AA'),
  'Hugging Face token': (draw) => join('h', 'f_', draw('mixed', 34).replace(/\d/g, 'x')),
  'DigitalOcean token': (draw) => join('do', 'p_v1_', draw('hex', 64)),
  'Databricks token': (draw) => join('da', 'pi', draw('hex', 32)),
  'Vault token': (draw) => join('hv', 's.', draw('url', 95)),
  'Grafana token': (draw) => join('gl', 'sa_', draw('mixed', 32), '_', draw('hex', 8)),
  'Docker Hub token': (draw) => join('dckr', '_pat_', draw('url', 27)),
  'OpenShift token': (draw) => join('sha', '256~', draw('url', 43)),
  'Shopify token': (draw) => join('shp', 'at_', draw('hex', 32)),
  'New Relic key': (draw) => join('NR', 'AK-', draw('upper', 27)),
  'Linear key': (draw) => join('lin', '_api_', draw('mixed', 40)),
  'Telegram token': (draw) => join('1234567890', ':A', 'A', draw('url', 33)),
  JWT: (draw) =>
    join(part({ alg: 'HS256', typ: 'JWT' }), '.', part({ sub: draw('lower', 12), exp: 1 }), '.', draw('url', 43)),
  'Kubernetes account token': (draw) =>
    join(
      part({ alg: 'RS256', kid: draw('url', 43) }),
      '.',
      part({ iss: 'https://kubernetes.default.svc', sub: 'system:serviceaccount:shop:web', jti: draw('hex', 32) }),
      '.',
      draw('url', 342),
    ),
  'random base62 of 32': (draw) => draw('mixed', 32),
  'random base64 of 44': (draw) => join(draw('base64', 43), '='),
  'random base64url of 64': (draw) => draw('url', 64),
  'Azure storage key': (draw) => join(draw('base64', 86), '=='),
};

/** Where such a token turns up. */
const tokenFrames: Readonly<Record<string, (token: string) => string>> = {
  'a log line': (token) =>
    `2026-03-01T10:04:11Z ERROR request to upstream failed, used ${token} for tenant shop, status 401`,
  'a JSON log line': (token) =>
    JSON.stringify({ level: 'error', msg: `cannot use ${token}: forbidden`, pod: 'web-7d9f8b6c5d-x2k4b' }),
  'an Event': (token) =>
    `Back-off pulling image: failed to authorize: GET https://ghcr.io/token?account=${token}: 403 Forbidden`,
  'a stack trace': (token) =>
    `java.lang.IllegalStateException: bad response for ${token}\n\tat com.example.shop.Billing.charge(Billing.java:42)\n\tat java.base/java.lang.Thread.run(Thread.java:833)`,
  'kubectl describe': (token) =>
    `    Environment:\n      UPSTREAM:  ${token}\n      PORT:      8080 (v1:spec.nodeName)`,
  'arguments in a manifest': (token) => `      args:\n        - --upstream-auth=${token}\n        - --port=8080`,
};

/** What is a secret only because of where it stands: words and numbers that people choose. */
const passwords = (draw: Draw): readonly string[] => [
  'hunter2',
  'S3cr3t!pass',
  'correct-horse-battery',
  `shop${draw('lower', 6)}`,
  draw('mixed', 16),
];

/** Frames for what people choose. */
const passwordFrames: Readonly<Record<string, (password: string) => string>> = {
  'an env dump': (password) => `PATH=/usr/bin:/bin\nDB_HOST=db.shop.svc\nDB_PASSWORD=${password}\nHOME=/root`,
  'an export': (password) => `+ export MYSQL_ROOT_PASSWORD=${password}`,
  'a variable PGPASSWORD': (password) => `PGPASSWORD=${password} psql -h db -U shop -c 'select 1'`,
  'a variable that ends in PASS': (password) => `SMTP_HOST=mail\nSMTP_PASS=${password}`,
  'a JSON log line': (password) => JSON.stringify({ level: 'debug', config: { user: 'shop', password, port: 5432 } }),
  'JSON in JSON': (password) => JSON.stringify({ msg: JSON.stringify({ clientSecret: password }) }),
  logfmt: (password) => `ts=2026-03-01T10:04:11Z level=debug msg="login" user=shop api_key=${password} took=12ms`,
  'a YAML configuration': (password) => `database:\n  user: shop\n  password: ${password}\n  port: 5432`,
  'a quoted YAML value': (password) => `  secretAccessKey: "${password}"\n  region: eu-central-1`,
  'a properties file': (password) => `spring.datasource.username=shop\nspring.datasource.password=${password}`,
  'a manifest': (password) =>
    `        env:\n        - name: DB_PASSWORD\n          value: ${password}\n        - name: PORT\n          value: "8080"`,
  'a manifest as JSON': (password) =>
    JSON.stringify({
      env: [
        { name: 'SESSION_TOKEN', value: password },
        { name: 'PORT', value: '8080' },
      ],
    }),
  'a diff of a manifest': (password) =>
    `         - name: DB_PASSWORD\n-          value: ${password}\n+          value: other`,
  'kubectl describe': (password) => `    Environment:\n      DB_PASSWORD:  ${password}\n      PORT:         8080`,
  'a Postgres address': (password) =>
    `FATAL cannot connect to postgres://shop:${password}@db.shop.svc:5432/shop?sslmode=disable`,
  'a MongoDB address': (password) =>
    `mongodb+srv://shop:${password}@cluster0.example.mongodb.net/shop?retryWrites=true failed`,
  'a Redis address': (password) => `dial redis://:${password}@redis:6379/0: connection refused`,
  'an AMQP address': (password) => `AMQP connection amqp://guest:${password}@rabbit:5672/%2f refused`,
  'a MySQL DSN': (password) => `sql open shop:${password}@tcp(db.shop.svc:3306)/shop?parseTime=true: bad connection`,
  'a JDBC address': (password) => `jdbc:postgresql://db:5432/shop?user=shop&password=${password}&ssl=true`,
  'an Oracle address': (password) => `jdbc:oracle:thin:scott/${password}@db:1521:orcl: listener refused`,
  'an ADO connection string': (password) => `Server=tcp:db,1433;User ID=shop;Password=${password};Encrypt=True;`,
  'a libpq connection string': (password) =>
    `host=db user=shop password=${password} dbname=shop: server closed the connection`,
  'a basic-auth address': (password) =>
    `fatal: unable to access 'https://deploy:${password}@git.example.com/shop.git/': 403`,
  'a basic Authorization header': (password) =>
    `> GET / HTTP/1.1\n> Authorization: Basic ${base64(`shop:${password}`)}\n> Accept: */*`,
  'a bearer header': (password) => `headers: {"Authorization": "Bearer ${password}-0123456789"}`,
  'an API key header': (password) => `curl -H 'X-Api-Key: ${password}' https://api.example.com/v1/orders`,
  'curl with a user': (password) => `curl -fsS -u deploy:${password} https://registry.example.com/v2/`,
  'a flag': (password) => `/bin/worker --db-password ${password} --port 8080`,
  'a flag with =': (password) => `exec: "/bin/worker --auth-token=${password}": exit status 1`,
  'a flag in a list': (password) => `args: ["--admin-password", "${password}", "--port", "8080"]`,
  'a query string': (password) => `GET /callback?code=1&access_token=${password}&state=2 302`,
  'a Java map': (password) =>
    `o.a.k.c.c.ConsumerConfig values: {group.id=shop, ssl.keystore.password=${password}, retries=3}`,
  'a Python dict': (password) => `KeyError: {'host': 'db', 'password': '${password}', 'port': 5432}`,
  'a Go struct': (password) => `config: &{Host:db Password:${password} Port:5432}`,
  'a Docker config': (password) => `{"auths":{"ghcr.io":{"auth":"${base64(`shop:${password}`)}"}}}`,
  SQL: (password) => `ERROR: syntax error in "ALTER USER shop WITH PASSWORD '${password}'"`,
  'a Redis configuration': (password) => `*** FATAL CONFIG FILE ERROR *** >>> 'requirepass ${password}'`,
  'a netrc line': (password) => `machine git.example.com login deploy password ${password}`,
  'a cookie': (password) => `Cookie: theme=dark; sid=${password}-abcdef`,
};

/** Secrets that have a frame of their own. */
function special(draw: Draw): readonly Planted[] {
  const [body, hook, account, signature, aws, hex] = [
    draw('base64', 64),
    draw('mixed', 24),
    draw('base64', 86),
    draw('base64', 43),
    draw('base64', 40),
    draw('hex', 64),
  ];
  const key = `-----BEGIN ${'RSA PRIVATE'} KEY-----\n${body}\n${draw('base64', 64)}\n-----END ${'RSA PRIVATE'} KEY-----`;
  const encoded = base64(join('gh', 'p_', draw('mixed', 36)));
  return [
    { name: 'PEM key in a log', text: `loaded key:\n${key}\nlistening`, secrets: [body] },
    { name: 'PEM key that is cut off', text: `loaded key:\n${key.slice(0, 90)}`, secrets: [body.slice(0, 50)] },
    {
      name: 'service account of Google',
      text: JSON.stringify({ type: 'service_account', private_key: key, client_email: 'a@b.iam' }),
      secrets: [body],
    },
    { name: 'key of OpenSSH', text: key.replaceAll('RSA', 'OPENSSH'), secrets: [body] },
    {
      name: 'Slack webhook',
      text: `POST https://hooks.slack.com/${'services'}/T0000000/B0000000/${hook} 404`,
      secrets: [hook],
    },
    {
      name: 'Azure connection string',
      text: `DefaultEndpointsProtocol=https;AccountName=shop;Account${'Key'}=${account}==;EndpointSuffix=core.windows.net`,
      secrets: [account],
    },
    {
      name: 'Azure SAS',
      text: `https://shop.blob.core.windows.net/c/b?sv=2022-11-02&sp=r&sig=${encodeURIComponent(`${signature}=`)}`,
      secrets: [encodeURIComponent(signature)],
    },
    {
      name: 'AWS signature',
      text: `https://b.s3.amazonaws.com/k?X-Amz-Expires=300&X-Amz-Signature=${hex}`,
      secrets: [hex],
    },
    {
      name: 'AWS secret in a credentials file',
      text: `[default]\naws_secret_access_key = ${aws}\nregion = eu-west-1`,
      secrets: [aws],
    },
    { name: 'hexadecimal key in a variable', text: `SIGNING_KEY=${hex}\nPORT=8080`, secrets: [hex] },
    { name: 'hexadecimal token in JSON', text: `{"access_token":"${hex}","expires_in":3600}`, secrets: [hex] },
    { name: 'base64 of a token', text: `data: ${encoded}`, secrets: [encoded] },
    {
      name: 'token as the user of an address',
      text: `clone https://${hex.slice(0, 40)}@git.example.com/shop.git`,
      secrets: [hex.slice(0, 40)],
    },
  ];
}

export function plantedSecrets(): readonly Planted[] {
  const draw = drawing(20_260_301);
  const found: Planted[] = [];
  for (const [kind, make] of Object.entries(tokens))
    for (const [place, frame] of Object.entries(tokenFrames)) {
      const secret = make(draw);
      found.push({ name: `${kind} in ${place}`, text: frame(secret), secrets: [secret] });
    }
  for (const [place, frame] of Object.entries(passwordFrames))
    for (const password of passwords(draw))
      found.push({
        name: `${password} in ${place}`,
        text: frame(password),
        secrets: [password, base64(`shop:${password}`)],
      });
  return [...found, ...special(draw), ...special(draw)];
}
