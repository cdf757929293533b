import type { Support } from './support.ts';

interface Topic {
  readonly name: string;
  /** A sentence that says this is about it. */
  readonly said: RegExp;
  /** Evidence that says one of these may be about it. */
  readonly seen: RegExp;
}

function topic(name: string, said: RegExp, also: RegExp = said): Topic {
  return { name, said, seen: new RegExp(`${said.source}|${also.source}`, 'i') };
}

/** What goes wrong in clusters, told apart by words: to name one of these as a fact, what is cited must be about it. Wide on the side of the evidence. */
const topics: readonly Topic[] = [
  topic('memory', /\bout of memory\b|\bOOM\w*|\bmemory\b|\bheap\b/i, /[KMG]iB?\b|\b137\b|SIGKILL|alloc/),
  topic('processor time', /\bCPU\b|\bthrottl\w+|\bprocessor\b/i, /\bcores?\b|\d+m\b|\b429\b|\brate\b/),
  topic(
    'name resolution',
    /\bDNS\b|\bname resolution\b|\bhost ?names?\b|\bresolv\w+/i,
    /\blookup\b|no such host|ENOTFOUND|EAI_AGAIN|not known|NXDOMAIN/,
  ),
  topic('certificates', /\bcertificates?\b|\bTLS\b|\bSSL\b|\bx509\b|\bhandshake\b/i, /\bcert\b|\bCA\b/),
  topic(
    'access',
    /\bauthenticat\w+|\bauthori[sz]ation\b|\bcredentials?\b|\bpasswords?\b|\bunauthori[sz]ed\b|\bpermissions?\b|\bforbidden\b|\btokens?\b|\bRBAC\b|\baccess\b|\blog ?in\b/i,
    /\b40[13]\b|denied|\[redacted|\bauth\b|EACCES|not allowed/,
  ),
  topic(
    'storage',
    /\bdisks?\b|\bstorage\b|\bvolumes?\b|\bfile ?systems?\b|\bno space\b|\bread-only\b/i,
    /ENOSPC|inode|\bPVC\b|PersistentVolume|mount|space left|ephemeral/,
  ),
  topic(
    'time',
    /\btim(?:e|ed)[ -]?outs?\b|\bdeadlines?\b|\bslow\w*|\blatenc\w+|\bhangs?\b|\bhung\b/i,
    /\btook\b|\d\s?ms\b|duration|elapsed|\bafter \d|ETIMEDOUT|seconds/,
  ),
  topic(
    'the network',
    /\bnetwork\w*|\bfirewalls?\b|\bpackets?\b|\brouting\b|\bconnect\w*/i,
    /\bdial\b|refused|unreachable|reset|\bEOF\b|socket|\btcp\b|cannot reach|no route|ECONN|timeout|\bhttps?\b|x509|\bTLS\b|upstream|database|\bhost\b/,
  ),
  topic('nodes', /\bnodes?\b|\bdrain\w*|\bcordon\w*/i, /NotReady|kubelet/),
  topic(
    'a refusal',
    /\brefus\w+/i,
    /ECONNREFUSED|denied|reject|forbidden|not allowed|exceeded|authentication failed|\b4\d\d\b/,
  ),
  topic('probes', /\bliveness\b|\breadiness\b|\bprobes?\b|\bhealth ?checks?\b/i, /unhealthy|healthz|readyz|livez/),
  topic('images', /\bimage pull\w*|\bpull\w*\b.{0,20}\bimages?\b|\bregistr(?:y|ies)\b/i, /\bpull|ErrImage|manifest/),
  topic(
    'placement',
    /\bunschedul\w+|\bschedul\w+|\bevict\w+|\bpreempt\w+|\btaints?\b/i,
    /Insufficient|nodes are available|cron/,
  ),
  topic(
    'configuration',
    /\b(?:mis)?config\w*|\benvironment variables?\b|\bsettings?\b/i,
    /\benv\b|variable|\bflag\b|ConfigMap|\.ya?ml|\.properties|[A-Z]+_[A-Z]+|not set|missing|no such file|invalid/,
  ),
  topic('limits of use', /\brate[- ]?limit\w*|\bquotas?\b|\btoo many requests\b/i, /\b429\b|exceeded/),
  topic(
    'pools and locks',
    /\bpools?\b|\bdeadlock\w*|\block(?:s|ed|ing)?\b|\btoo many connections\b/i,
    /exhausted|waiting for/,
  ),
  topic('a leak', /\bleak\w*/i, /\bgr[eo]w\w*|rising|increas/),
  topic('migrations', /\bmigrations?\b|\bschemas?\b/i, /\bmigrat|relation|column|table/),
  topic('a port', /\balready in use\b|\bport conflict\b/i, /EADDRINUSE/),
  topic(
    'a release',
    /\breleased?\b|\broll(?:ed)? ?outs?\b|\bnew versions?\b|\bupgrad\w+|\brevisions?\b|\bdeployed\b/i,
    /\bimage\b|\bversion\b|\btag\b/,
  ),
  topic(
    'load',
    /\btraffic\b|\bload\b|\bspikes?\b|\bsurges?\b|\bovertax\w*|\boverload\w*/i,
    /\breq\b|requests|\brps\b|\brate\b|lines|\bready\b|readiness/,
  ),
  topic(
    'that it works',
    /\bcan still(?! not)\b|\b(?:runs?|running|works?|working) (?:fine|well|normally|properly|correctly|smoothly|as (?:expected|intended))\b|\b(?:is|are) (?:now )?(?:healthy|fine|okay|ok|fixed|solved|resolved)\b|\b(?:is|are) (?:still |up and )?running\b(?! (?:out|low|for|since|into))|\bno (?:problems?|issues?)\b|\bsuccessfully\b/i,
    /\bready\b|succe(?:ss|ed)|\bhealthy\b|recover|\bconnected\b|completed|passed|\brun(?:s|ning)\b|\b200\b|\bOK\b|\bdone\b/,
  ),
  topic('what will be', /\b(?:will|won't|shall)\b/i),
  topic('corruption', /\bcorrupt\w*/i, /checksum|malformed|unexpected end|invalid/),
  topic('an attack', /\battack\w*|\bmalicious\b|\bcompromis\w+|\bintrusions?\b|\bbreach\w*|\bmalware\b/i),
];

/** How many of these a sentence is about, as what it cites is. */
export function countSupported(text: string, { mentions }: Pick<Support, 'mentions'>): number {
  return topics.filter(({ said, seen }) => said.test(text) && mentions(seen)).length;
}

/** What a sentence says that nothing it cites is about. */
export function findForeignTopic(text: string, { mentions }: Pick<Support, 'mentions'>): string | undefined {
  return topics.find(({ said, seen }) => said.test(text) && !mentions(seen))?.name;
}
