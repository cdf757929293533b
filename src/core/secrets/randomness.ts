/**
 * Values that nobody can name but that no person and no program's naming scheme would write either. A run of base64's letters counts where all of this
 * holds; hexadecimal and single-case runs never do, because in Kubernetes they are digests, commits, UIDs, trace ids, ULIDs and the tails of pod names.
 *
 * - 24 characters or more: the 20 to 22 of Elasticsearch's, Kafka's and nanoid's ids are below it;
 * - Shannon entropy of 3.5 bits a character (the threshold of gitleaks' rule `generic-api-key`);
 * - capitals, small letters and digits are mixed, and where it is cut into words, capitals and numbers (`Host Disk May Fill In 24 Hours`), its parts are short:
 *   1.8 characters on average where they are random.
 */
const limits = { length: 24, bits: 3.5, share: 0.12, part: 2.8 } as const;

/** A certificate or a public key, which stays, or a run; longer runs are looked at in pieces. */
const runs =
  /-----BEGIN [A-Z ]{0,40}(?:CERTIFICATE|PUBLIC KEY)(?: BLOCK)?-----[^-]{1,16384}|(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{24,4096}={0,2}/g;

/** What stands before a value that is public or an id: a digest, a fingerprint, an entity tag, the id of a request; a public key of SSH. */
const publicBefore =
  /(?:\bsha-?\d{1,3}[-:=]|(?:fingerprint|digest|integrity|checksum|etag|public[_-]?key|(?:request|trace|span|correlation|cluster|message)[ _-]?id)["']?\s{0,3}[:=]?\s{0,3}["']?)$/i;
const publicStart = /^AAAA[A-Z0-9]3NzaC1/;
const lookBack = 40;

/** Words joined by separators, which random values have only one of in 32 characters. */
const charactersForSeparator = 10;

/** Replaces what looks random; `mask` gets each of them. `hides` says whether a decoded text has secrets. */
export function replaceRandom(
  text: string,
  mask: (value: string) => string,
  hides: (decoded: string) => boolean,
): string {
  return text.replace(runs, (run: string, at: number) => {
    const before = text.slice(Math.max(0, at - lookBack), at);
    if (publicBefore.test(before) || publicStart.test(run) || run.startsWith('-----')) return run;
    if (!isNameLike(run)) return isSecretRun(run, hides) ? mask(run) : run;
    return run.replace(/[A-Za-z0-9+]{24,}={0,2}/g, (part) => (isSecretRun(part, hides) ? mask(part) : part));
  });
}

/** A path, or words with dashes between them. */
function isNameLike(run: string): boolean {
  if (/(?:^|\/)[a-z]{2,32}\//.test(run)) return true;
  const separators = run.length - run.replace(/[/_-]/g, '').length;
  return separators > Math.max(1, run.length / charactersForSeparator);
}

function isSecretRun(run: string, hides: (decoded: string) => boolean): boolean {
  if (!isMixed(run)) return false;
  const decoded = decodeText(run);
  return decoded === undefined || hides(decoded);
}

/** Whether a value of any length looks made by a generator: for values whose names already say that they matter. */
export function looksGenerated(value: string): boolean {
  return /^[A-Za-z0-9+/=_.~-]{16,512}$/.test(value) && /\d/.test(value) && /[A-Za-z]/.test(value) && !isNameLike(value);
}

function isMixed(run: string): boolean {
  if (run.length < limits.length) return false;
  const kinds = run.replace(/[^A-Za-z0-9]/g, '');
  const share = (pattern: RegExp): number => (kinds.match(pattern)?.length ?? 0) / kinds.length;
  const mixed = share(/[A-Z]/g) >= limits.share && share(/[a-z]/g) >= limits.share && /\d/.test(kinds);
  if (!mixed) return false;
  const parts = kinds.match(/[A-Z]?[a-z]{1,64}|[A-Z]{2,64}|[A-Z]|\d{1,64}/g)?.length ?? 1;
  return kinds.length / parts < limits.part && entropy(run) >= limits.bits;
}

/** Shannon entropy, bits a character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** The text behind base64, where it is one. */
export function decodeText(base64: string): string | undefined {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(base64)) return undefined;
  const text = Buffer.from(base64, 'base64').toString('latin1');
  const odd = text.replace(/[\t\n\r\x20-\x7e]/g, '').length;
  return text.length > 0 && odd === 0 ? text : undefined;
}
