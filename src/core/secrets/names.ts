import { looksGenerated } from './randomness.ts';

/** Words in a name that say that its value is a secret. */
const words = [
  'passw(?:or)?d',
  'passphrase',
  'passcode',
  'pwd',
  '(?<=[A-Za-z0-9][_.-])pass',
  'secret',
  'token',
  '(?:api|access|private|secret|signing|encryption|master|account|shared|auth|license|cipher|signature|hmac)[ _.-]?key',
  'credentials?',
  '(?<![A-Za-z])creds',
  'dockerconfigjson',
  'connection[_.-]?string',
].join('|');

/** The word and the rest of the name. What stands before the word is not matched: otherwise one long line takes minutes. */
export const secretName = `(?:${words})[\\w.-]{0,64}`;

/** Whether a text can hold such a name at all; much faster to ask. */
export const secretWords = ['pass', 'pwd', 'secret', 'token', 'key', 'cred', 'dockerconfigjson', 'connection'];

const nameParts = new RegExp(`(${words})([\\w.-]{0,64})`, 'i');

/** Last words that turn the name into that of something harmless: `secretName`, `TOKEN_URL`, `password_file`, `tokenExpirationSeconds`. */
const harmless = new Set(
  `age allowed at bytes class count created date enabled endpoint exists expiration expired expires expiry field file files
  format found group id ids index kind label length limit location manager max min missing mode mount name names namespace path
  paths period plugin policy position provider ref refs required reset review reviews rotated rotation seconds server service size
  source status store time timeout ttl type types uid updated uri url used valid validity variable version volume account ms s`.split(
    /\s+/,
  ),
);

const headers = /^(?:proxy-)?authorization$|^(?:set-)?cookie$/i;

/** Whether a name (of a variable, a field, a header, a flag) says that its value is a secret. */
export function isSecretName(name: string): boolean {
  if (headers.test(name)) return true;
  const [, , tail] = nameParts.exec(name) ?? [];
  return tail !== undefined && isSecretTail(tail);
}

/** `tokenizer` and `secretary` are other words; `tokens` are counted, not kept. */
function isSecretTail(tail: string): boolean {
  const last = tail.match(/[A-Z]?[a-z]+|[A-Z]+|\d+/g)?.at(-1);
  if (last === undefined || /^\d/.test(last)) return true;
  return !/^[a-z]/.test(tail) && !harmless.has(last.toLowerCase());
}

/** `password`, `token` or `secret`, for the placeholder. */
export function kindOfName(name: string): string {
  if (/pass|pwd/i.test(name)) return 'password';
  return /token/i.test(name) ? 'token' : 'secret';
}

/** Words that follow `token:` or `password:` in a sentence, and values that hold nothing. */
const noValues = new Set(
  `true false yes no on off null nil none undefined empty unset missing invalid expired unexpected expected malformed unknown
  unauthorized denied wrong incorrect required rejected revoked not is was must cannot could should failed failure error found the a an
  at in for has does bad too from string str number object bool boolean int text optional contains mismatch token bearer basic digest negotiate`.split(
    /\s+/,
  ),
);

/** A variable's name, a template, `<set to the key …>`, stars, a path: nothing that would have to be hidden. */
const references =
  /^(?:\$\{|\$\(|\$[A-Z_]{2,}$|\{\{|<|[*x.•-]{3,}$|(?:\/[\w.-]{1,64}){2,32}$|\/[a-z]{1,32}$|\/\/|%[a-z]$)/i;

export function isHarmlessValue(value: string): boolean {
  return (
    value.length === 1 || !/[\p{L}\p{N}]/u.test(value) || references.test(value) || noValues.has(value.toLowerCase())
  );
}

/** Names that end in `_KEY`, `_AUTH` or `_SALT`, as variables do: secrets where their value looks made by a generator. */
export function isKeyVariable(name: string, value: string): boolean {
  return /^[A-Z][A-Z0-9_]{0,64}_(?:KEY|AUTH|SALT)$/.test(name) && looksGenerated(value);
}
