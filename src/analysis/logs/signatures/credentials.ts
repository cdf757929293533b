import type { Signature } from './signature.ts';

/** Who is let in, and what they may do. */
export const credentialSignatures = [
  {
    id: 'rbac-denied',
    class: 'credentials',
    patterns: [
      /User "(?<user>[\w:.@-]{1,200})" cannot (?<verb>\w{1,20}) (?:resource|path) "(?<resource>[\w./-]{1,120})"/,
      /is forbidden: User "(?<user>[\w:.@-]{1,200})"/,
    ],
    cause: 'Kubernetes does not let {user|its ServiceAccount} {verb|use} {resource|what it asks for}.',
    next: 'Bind a Role with that verb and resource to its ServiceAccount (`kubectl auth can-i --list --as=…` shows what it may); see whether the release needs a newer Role.',
  },
  {
    id: 'host-not-admitted',
    class: 'config',
    patterns: [
      /no pg_hba\.conf entry for (?:replication connection from )?host "(?<host>[\w.:]{1,60})"/,
      /Host '(?<host>[^'\n]{1,120})' is not allowed to connect to this (?:MySQL|MariaDB) server/,
      /Host '(?<host>[^'\n]{1,120})' is blocked because of many connection errors/,
    ],
    cause: 'The database does not admit connections from {host|this address}.',
    next: 'Admit the range of the pods in the access rules of the database (pg_hba.conf, grants by host), and see whether it asks for TLS.',
  },
  {
    id: 'credentials-refused',
    class: 'credentials',
    patterns: [
      /password authentication failed for user "(?<user>[^"\n]{1,80})"/,
      /Access denied for user '(?<user>[^'\n]{1,80})'@/,
      /Login failed for user '(?<user>[^'\n]{1,80})'/,
      /role "(?<user>[^"\n]{1,80})" does not exist/,
      /login refused: user '(?<user>[^'\n]{1,80})'/,
      /\bWRONGPASS\b|\bNOAUTH\b|invalid username-password pair|ERR invalid password/,
      /\bORA-01017\b|ACCESS_REFUSED - Login was refused/,
      /(?:SASL|SCRAM)[\w -]{0,20}auth\w{0,12} (?:error|failed)|SaslAuthenticationException/i,
      /\bauthentication failed\b(?! (?:from|for) )|unauthorized: authentication required/i,
      /\b401 Unauthorized\b|(?:failed with|unexpected|bad|invalid|returned|got) (?:http |response )?status(?: code)?:? ?401\b|code = Unauthenticated\b|\bUNAUTHENTICATED\b/,
      /(?:invalid|incorrect)[ _]api[ _]key|\binvalid_(?:client|grant)\b|bad credentials/i,
      /\b(?:InvalidClientTokenId|InvalidAccessKeyId|SignatureDoesNotMatch|UnrecognizedClientException)\b/,
      /could not (?:find|load) (?:default )?credentials|Unable to locate credentials|NoCredentialProviders/i,
    ],
    cause: 'The credentials of {user|this workload} are refused or missing.',
    next: 'Compare the Secret that it uses with what the other side expects; if a password was rotated, restart the workload so that it reads the new one.',
  },
  {
    id: 'token-expired',
    class: 'credentials',
    patterns: [
      /\bExpiredToken(?:Exception)?\b|security token included in the request is expired/i,
      /(?:access |bearer |session )?token (?:is|has) expired|jwt expired|\bTokenExpiredError\b/i,
      /\bExpiredSignatureError\b|signature has expired/i,
    ],
    cause: 'The token that it shows has expired.',
    next: 'See what should renew the token (a projected ServiceAccount token, a cloud identity webhook, an own refresh) and whether the clock of the node is right.',
  },
  {
    id: 'access-denied',
    class: 'credentials',
    patterns: [
      /not authorized to perform: (?<action>[\w:*-]{1,80})/,
      /permission denied for (?<action>(?:table|relation|schema|database|sequence|function|view) [\w".]{1,80})/i,
      /(?<action>[A-Z]{3,12}(?: [A-Z]{2,12})?) command denied to user/,
      /\bAccessDenied(?:Exception)?\b(?!: \/)|\b403 Forbidden\b|(?:failed with|unexpected|bad|invalid|returned|got) (?:http |response )?status(?: code)?:? ?403\b/,
      /code = PermissionDenied\b|\bPERMISSION_DENIED\b|\bNOPERM\b|\bORA-01031\b|\binsufficient privileges?\b/,
    ],
    cause: 'It is known to the other side, but not allowed to do this: {action|it says no more}.',
    next: 'Grant the missing right to the identity that it uses (role, policy, grant), and see whether that identity was changed lately.',
  },
] as const satisfies readonly Signature[];
