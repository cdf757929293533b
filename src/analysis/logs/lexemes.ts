/** What a piece of a message is by its form alone, before anything is known about other messages. From `number` on it is always variable. */
export const kind = {
  /** Punctuation. */
  mark: 0,
  word: 1,
  /** A word that looks like a name: it is variable as soon as another stands in its place. */
  name: 2,
  /** A unit of measure; one that changes belongs to the number before it. */
  unit: 3,
  number: 4,
  value: 5,
} as const;

const units = setOf('B K M G T KB kB MB GB TB PB KiB MiB GiB TiB ns us µs ms s sec secs min mins h');
const months = setOf('Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec');
const weekdays = setOf('Mon Tue Wed Thu Fri Sat Sun');
const literals = setOf('true false null nil nan n/a');
/** The users that every machine has. */
const everybody = setOf('root admin');

const quantity = /^[+-]?\.?\d[\d.,]*(?:e[+-]?\d+)?(?:[a-zA-Zµ]{1,3}(?:\/s)?)?$/;
const dotted = /^\d+(?:\.\d+){2,}$/;
const path = /^(?:\/$|(?:(?:\.{0,2}|~)\/|\\).)/;
const domain =
  /^[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|edu|gov|io|local|internal|svc|lan|(?:com|co|ac|edu|gov|org|net|ne|or)\.[a-z]{2})$/;
const sourceFile = /\.(?:c|cc|cpp|cs|ex|go|h|java|js|kt|lua|php|pl|py|rb|rs|scala|sh|sql|swift|ts)$/;
const hostName = /^(?:localhost|[a-z0-9-]+(?:\.[a-z0-9-]+)+)$/;
const digitsAlone = /(?:^|[^A-Za-z0-9])\d+(?:$|[^A-Za-z0-9])/;
const hexadecimal = /^(?=.*\d)[0-9a-f]{6,}$/i;
/** As wide as 32 or 64 bits, so not `facade` or `deface`. */
const hexWord = /^(?:[0-9a-f]{8}|[0-9a-f]{16})$/i;
const version = /^v\d+(?:\.\d+)*$/;
const change = /[A-Za-z](?=\d)|\d(?=[A-Za-z])/g;
const clock = /^\d+(?::\d+){2,}(?:[.,]\d+)?$/;
const bytes = /^(?:[0-9a-f]{2}:){8,}[0-9a-f]{2}$/i;
const hexGroups = /^(?:[0-9a-f]{0,4}:){2,7}(?:[0-9a-f]{0,4}|\d+(?:\.\d+){3})(?:%\w+)?$/i;
const socket = /^\/(?:\d+(?:\.\d+){3}|[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){7})(?:%\w+)?:\d+$/i;
const joint =
  /^([A-Za-z_.$-]+(?:\d[A-Za-z_.$-]+)?|\d+[A-Za-z]{0,2})(?:[@#/](?:\d+[A-Za-z]{0,2}|(?:0x)?[0-9a-f]{4,})|@\d+(?:\.\d+){3})$/;
const numbered = /^([A-Za-z]+(?:_[A-Za-z]+)*[.-])\d+(?:\.\d+)*$/;
const bound = /^[<>]=?\d[\d.,]*(?:%|[a-zµ]{1,3})?(?![.,]?[\w>])/;

/** Fields that tell what happened, though they are written like a name. */
const tellingKeys = setOf('msg message err error reason event log text detail details description');

/** `user root`, `user=root`: what stands behind this is the name of an account. */
export function announcesUser(text: string): boolean {
  return /(?:^|[^A-Za-z])user(?:name)?(?: |: ?| ?= ?)["']?$/i.test(text);
}

/** Whether what is assigned to this key, in quotes, is one value and not a sentence. */
export function isNaming(key: string): boolean {
  return !tellingKeys.has(key.toLowerCase());
}

/** The kind of a word of letters alone. */
export function kindOfWord(word: string): number {
  const lower = word.toLowerCase();
  if (hexWord.test(word)) return kind.value;
  if (literals.has(lower)) return kind.value;
  return everybody.has(lower) ? kind.name : kind.word;
}

/** The kind of a piece in which there is more than letters. */
export function kindOfPiece(text: string): number {
  if (/^[+-]?\.?\d/.test(text)) return quantity.test(text) && !dotted.test(text) ? kind.number : kind.value;
  if (path.test(text) || domain.test(text)) return kind.value;
  const hasJoint = /[/\\@]/.test(text);
  if (!/\d/.test(text)) return hasJoint ? kindOfJoined(text) : kind.word;
  return hasJoint || isIdentifier(text) ? kind.value : kind.name;
}

function kindOfJoined(text: string): number {
  return literals.has(text.toLowerCase()) ? kind.value : kind.name;
}

/** Whether letters and digits are mixed as nobody would write a word: `blk_123`, `x7k2p`, `v1.2`. */
function isIdentifier(text: string): boolean {
  const isNumbered = digitsAlone.test(text) || hexadecimal.test(text) || version.test(text);
  return isNumbered || countOf(text, /\d/g) > 3 || countOf(text, change) > 2;
}

/** Where a piece falls apart into a name and a number (`CPU#0`, `Server@1a2b`, `PS/2`) or into two numbers (`20/20`): the place of the joint, or 0. */
export function jointOf(text: string): number {
  return joint.exec(text)?.[1]?.length ?? 0;
}

/** `<1`, `>500ms`, which stands where a number could: its length, or 0. */
export function boundOf(text: string): number {
  return bound.exec(text)?.[0].length ?? 0;
}

/** The length of the name in front of one number or version: `core.` of `core.2275`, `node-` of `node-7`; or 0. */
export function stemOf(text: string): number {
  return numbered.exec(text)?.[1]?.length ?? 0;
}

export function isUnit(word: string): boolean {
  return units.has(word);
}

export function isMonth(word: string): boolean {
  return months.has(word);
}

export function isWeekday(word: string): boolean {
  return weekdays.has(word);
}

/** Whether a value begins as a date in words: `Jul 3`, `Sun Jul 3`. */
export function isDate(text: string): boolean {
  return months.has(text.slice(0, 3)) || weekdays.has(text.slice(0, 3));
}

/** What may stand behind `Jul 3`. */
export function isTimeOrYear(text: string): boolean {
  return /^(?:\d\d:\d\d(?::\d\d(?:\.\d+)?)?|\d{4})$/.test(text);
}

/** `23:16:09.123`, and what is built like it: IPv6 and MAC addresses, fingerprints. */
export function isGroups(text: string): boolean {
  return clock.test(text) || (hexGroups.test(text) && /\d/.test(text)) || bytes.test(text);
}

/** `/10.0.0.1:80`: an address as Java writes it, and not a path. */
export function isSocket(text: string): boolean {
  return socket.test(text);
}

/** A URL, or a path with a query. */
export function isAddress(text: string): boolean {
  return /^(?:[a-z][a-z\d+.-]*:\/\/|\/[^?]*\?)/i.test(text);
}

/** `HTTP/1.1`, which belongs to the target of the request before it. */
export function isProtocol(text: string): boolean {
  return /^[A-Z]{3,5}\/\d(?:\.\d)?$/.test(text);
}

/** A name that may stand in front of a port: `localhost`, `db.prod.svc`; but not `server.go`. */
export function isHostName(word: string): boolean {
  return hostName.test(word) && !sourceFile.test(word);
}

function countOf(text: string, what: RegExp): number {
  return text.match(what)?.length ?? 0;
}

function setOf(words: string): ReadonlySet<string> {
  return new Set(words.split(' '));
}
