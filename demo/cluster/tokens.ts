import { randomBytes } from 'node:crypto';
import { adminUser } from './access.ts';
import { timeText } from './objects.ts';
import type { Target } from './request.ts';

/** Who a bearer token belongs to. */
export interface Tokens {
  /** The administrator's token, as the kubeconfig has it. */
  admin(): string;
  /** The user behind an `Authorization` header. */
  userOf(header: string | undefined): string | undefined;
  /** Refuses the administrator's token from now on. */
  expire(): void;
  /** Makes a new one for the administrator and refuses the old one. */
  rotate(): string;
  /** A `TokenRequest` for a service account. */
  issue(target: Target): object;
}

export function createTokens(): Tokens {
  const users = new Map<string, string>();

  function add(user: string): string {
    const token = `sim-${randomBytes(24).toString('base64url')}`;
    users.set(token, user);
    return token;
  }

  let admin = add(adminUser);
  return {
    admin: () => admin,
    userOf: (header) => users.get(/^Bearer (.+)$/.exec(header ?? '')?.[1] ?? ''),
    expire: () => void users.delete(admin),
    rotate() {
      users.delete(admin);
      admin = add(adminUser);
      return admin;
    },
    issue({ namespace, name }) {
      const token = add(`system:serviceaccount:${namespace ?? ''}:${name ?? ''}`);
      const status = { token, expirationTimestamp: timeText(Date.now() + 3_600_000) };
      return { kind: 'TokenRequest', apiVersion: 'authentication.k8s.io/v1', metadata: { name, namespace }, status };
    },
  };
}

/** A kubeconfig file with one context. */
export function kubeconfigText(url: string, ca: string, token: string): string {
  return `apiVersion: v1
kind: Config
current-context: simulated
clusters:
  - name: simulated
    cluster:
      server: ${url}
      certificate-authority-data: ${Buffer.from(ca).toString('base64')}
users:
  - name: admin
    user:
      token: ${token}
contexts:
  - name: simulated
    context:
      cluster: simulated
      user: admin
`;
}
