const mask = '[redacted]';

/**
 * Token shapes that are secrets wherever they stand. Sources: Slack and AWS token prefixes, RFC 7519 (JWT), RFC 7468 (PEM),
 * GitHub token prefixes, RFC 6750 (Bearer).
 */
const tokens: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\bxox[abeoprs]-[A-Za-z0-9-]{8,}/g,
  /\bxapp-\d-[A-Za-z0-9-]{8,}/g,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}\b/g,
  /\bgithub_pat_\w{20,}\b/g,
  /\bsk-[A-Za-z0-9_-]{20,}\b/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
];

const bearer = /\b(bearer|basic)\s+[A-Za-z0-9._~+/-]{12,}=*/gi;
const urlPassword = /(\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@]*):[^\s/@]+@/gi;
const secretWord = '(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)';
/** What stands before the word is not matched and its tail is bounded: otherwise one long line takes minutes. */
const assignment = new RegExp(
  `(${secretWord}[\\w.-]{0,128}["']?\\s*[=:]\\s*)(?!\\[redacted\\])("[^"]*"|'[^']*'|[^\\s,;&"'}\\]]+)`,
  'gi',
);
const wholeName = new RegExp(`^[\\w.-]*${secretWord}[\\w.-]*$`, 'i');

/** Replaces what looks like a secret. Idempotent; leaves everything else as it was. */
export function redact(text: string): string {
  let safe = text;
  for (const token of tokens) safe = safe.replace(token, mask);
  return safe.replace(bearer, `$1 ${mask}`).replace(urlPassword, `$1:${mask}@`).replace(assignment, `$1${mask}`);
}

/** The value of a variable as people may see it: masked whole where its name says secret. */
export function redactVariable(name: string, value: string): string {
  return wholeName.test(name) ? mask : redact(value);
}
