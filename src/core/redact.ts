import { isJsonObject } from './json.ts';
import { replaceSecretData } from './secrets/manifest.ts';
import { isHarmlessValue, isKeyVariable, isSecretName, kindOfName, secretName, secretWords } from './secrets/names.ts';
import { placeholder, placeholderStart } from './secrets/placeholder.ts';
import { decodeText, replaceRandom } from './secrets/randomness.ts';
import { type Shape, shapesIn } from './secrets/shapes.ts';

/** In quotes, in quotes that a text in JSON escapes, or up to where a value ends in logs, lists and query strings. */
const value = `\\\\{1,3}"[^"\\\\\\n]{1,1024}|"(?:[^"\\\\\\n]|\\\\.){1,1024}|'(?:[^'\\\\\\n]|\\\\.){1,1024}|(?:[^\\s,;&"'<>)}\\]\\\\]|\\\\(?!["'nrt]))(?:[^\\s,;&"'<>)}\\]\\\\]|\\\\(?!["'nrt])){0,1023}`;
const assigns = `\\\\{0,3}["']?[ \\t]{0,8}(?:=>|:=|[=:])[ \\t]{0,8}`;

/** `DB_PASSWORD=…`, `"apiKey": "…"`, `token: …`. */
const assignment = new RegExp(`(${secretName})(${assigns})(${value})`, 'gi');
/** A variable of the environment holds whatever stands before the next space, commas and semicolons too. */
const variable = /(?<![\w-])([A-Z][A-Z0-9_]{1,64})(=)([^\s"'\\<>]{1,1024})/g;
/** `--password …`, also as two items of a list. */
const flag = new RegExp(
  `(?<![\\w-])(--[a-z0-9-]{0,32}?${secretName})(["',]{0,3}\\s{1,16}(?:-[ \\t]{1,4})?["']?)([^\\s"',\\]-][^\\s"',\\]]{0,511})`,
  'g',
);
/** A variable in a manifest: its name, and its value on the next line or in the next field. */
const envEntry =
  /(\bname\\{0,3}["']?\s{0,4}:\s{0,4}\\{0,3}["']?[\w.-]{1,128})(\\{0,3}["']?,?\s{0,40}[-+]?\s{0,40}\\{0,3}["']?value\\{0,3}["']?\s{0,4}:[ \t]{0,4})(\\{1,3}"[^"\\\n]{1,1024}|"(?:[^"\\\n]|\\.){1,1024}|'[^'\n]{1,1024}|[^\s,"'}\]\\]{1,1024})/g;
const entryName = /[\w.-]{1,128}$/;
const dockerAuth = /("auth\\{0,3}"\s{0,4}:\s{0,4}\\{0,3}")([A-Za-z0-9+/]{8,1024}={0,2})/g;

/**
 * Replaces what looks like a secret by `[redacted:kind#tag]`, where the same secret has the same tag. Idempotent; leaves everything else as it was. Takes
 * time in proportion to the text, whatever stands in it.
 */
export function redact(text: string): string {
  const folded = text.toLowerCase();
  let safe = text;
  for (const shape of shapesIn(folded)) safe = replaceShape(safe, shape);
  return replaceRandom(replaceNamed(safe, folded), (found) => placeholder('random', found), hides);
}

/** Whether a text that was decoded is `user:password`, or holds a secret. */
function hides(decoded: string): boolean {
  return /^[\w.@-]{1,64}:[^\s:/]{4,256}$/.test(decoded) || redact(decoded) !== decoded;
}

function replaceShape(text: string, { kind, pattern }: Shape): string {
  return text.replace(pattern, (match: string, before: unknown, secret: unknown) =>
    typeof before === 'string' && typeof secret === 'string'
      ? hideValue(match, kind, [before, '', secret])
      : hide(kind, match),
  );
}

function replaceNamed(text: string, folded: string): string {
  let safe = text;
  if (folded.includes('"auth'))
    safe = safe.replace(dockerAuth, (match: string, before: string, secret: string) =>
      decodeText(secret)?.includes(':') === true ? before + hide('password', secret) : match,
    );
  if (folded.includes('kind')) safe = replaceSecretData(safe, (found) => hide('secret', found));
  if (folded.includes('value')) safe = safe.replace(envEntry, replaceEntry);
  if (!secretWords.some((word) => folded.includes(word))) return safe;
  return safe.replace(variable, replaceVariable).replace(flag, replaceAssigned).replace(assignment, replaceAssigned);
}

/** `parts`: the name, what stands between, and the value with the quote that opens it. */
function replaceAssigned(match: string, ...parts: readonly string[]): string {
  const [name = ''] = parts;
  return isSecretName(name) ? hideValue(match, kindOfName(name), parts) : match;
}

function replaceEntry(match: string, ...parts: readonly string[]): string {
  const name = entryName.exec(parts[0] ?? '')?.[0] ?? '';
  return isSecretVariable(name, bare(parts[2])) ? hideValue(match, kindOfName(name), parts) : match;
}

function replaceVariable(match: string, ...parts: readonly string[]): string {
  const [name = '', between = '', content = ''] = parts;
  const [found = ''] = /[,;)\]}]?$/.exec(content) ?? [];
  const secret = content.slice(0, content.length - found.length);
  if (!isSecretVariable(name, secret)) return match;
  return hideValue(match, kindOfName(name), [name, between, secret]) + found;
}

function hideValue(match: string, kind: string, [name = '', between = '', quoted = '']: readonly string[]): string {
  const secret = bare(quoted);
  if (isHarmlessValue(secret)) return match;
  return `${name}${between}${quoted.slice(0, quoted.length - secret.length)}${hide(kind, secret)}`;
}

/** Without the quote that opens it. */
function bare(quoted = ''): string {
  return quoted.replace(/^\\{0,3}["']/, '');
}

function hide(kind: string, secret: string): string {
  return secret.startsWith(placeholderStart) ? secret : placeholder(kind, secret);
}

function isSecretVariable(name: string, content: string): boolean {
  return isSecretName(name) || isKeyVariable(name, content);
}

/** The value of a variable as people may see it: masked whole where its name says secret. */
export function redactVariable(name: string, content: string): string {
  if (content === '' || !isSecretVariable(name, content) || isHarmlessValue(content)) return redact(content);
  return hide(kindOfName(name), content);
}

/** Plain data with every text redacted by itself, so that a pattern never eats the structure around it. */
export function redactStrings(data: unknown): unknown {
  if (typeof data === 'string') return redact(data);
  if (Array.isArray(data)) return data.map(redactStrings);
  if (!isJsonObject(data)) return data;
  return Object.fromEntries(Object.entries(data).map(([name, inner]) => [name, redactStrings(inner)]));
}
