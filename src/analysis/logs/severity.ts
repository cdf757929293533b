import type { LogLevel } from '../../core/log-record.ts';

// Every repetition below has an upper bound, so that the time is proportional to the text whatever it holds.

/** What matters is said at the beginning; the rest is data. */
const longestJudged = 4_096;

/** Frames of Java, .NET and Node; Go's goroutines; Python's and Rust's first lines; Ruby's frames. */
const traceLines =
  /\n\s{0,20}at [^\s(]{1,300}\(|\n\s{0,8}at .{1,300}:\d+\)?(?=\n|$)|(?:^|\n)goroutine \d+ \[|Traceback \(most recent call last\)|' panicked at |\n\s{0,8}from [^\s:]{1,300}\.rb:\d/;
const panicLine =
  /^(?:panic: |fatal error: |Unhandled exception|Uncaught (?:\w+ ?)?(?:Error|Exception)|Exception in thread "|Traceback \(most recent|thread '[^']{0,100}' panicked)/;

/**
 * The level that a record has: what it says of itself, unless that is absurd. A panic or a stack trace at `info` or below is an error: the
 * level then comes from a wrapper (a log driver, a supervisor, a redirected stderr) that labels every line alike.
 */
export function settleLevel(said: LogLevel | undefined, message: string): LogLevel {
  if (said === undefined || said === 'unknown') return judgeLevel(message);
  if (said !== 'info' && said !== 'debug') return said;
  return hasTrace(message) ? 'error' : said;
}

function hasTrace(message: string): boolean {
  if (panicLine.test(message)) return true;
  return message.includes('\n') && traceLines.test(message.slice(0, longestJudged));
}

const count = String.raw`(?:0(?:\.0{1,6})? ?%?(?![\w.])|none\b|null\b|nil\b|<nil>|false\b|undefined\b|no\b|\[\]|\{\}|""|'')`;
const trouble = String.raw`(?:err(?:or)?s?|fail(?:ed|ing|ures?|s)?|exceptions?|crash(?:es)?|warnings?|panics?|timeouts?|aborted|killed|denied|rejected|dropped|lost|unreachable|unhealthy|conflicts?|oom(?:[_-]?kills?)?)`;

/** Talk about trouble that is none: counts of zero, names of code and files, what is prepared for trouble or got over it. */
const harmless = new RegExp(
  [
    // "0 errors", "no error", "without any failures", "zero fatal exceptions"
    String.raw`(?<![\w.:-])(?:0|no|zero|without(?: any| an?)?|never|not?(?: an?| any)?|non-?)[ -](?:[a-z]{1,15} ){0,2}${trouble}\b(?! (?:could|can|to|of|but))`,
    // "failed: 0", "error_count=0", "error rate 0.00%", "err=<nil>", "errors": []
    String.raw`\b(?:[\w.]{0,40}[_.-])?${trouble}(?:[ _.-]?(?:count|rate|ratio|total|code|num|number|percentage|status|message|msg))?["' ]{0,2}(?:[:=]|is|was|of)?[ "']{0,2}${count}`,
    // "my id = 3, error =": a value that is not there
    String.raw`\berr(?:or)?s? ?= ?(?=$|[,;])`,
    // "exit code 0", "status: 0"
    String.raw`\b(?:exit(?:ed)?|return(?:ed)?|status)(?: with)?(?: (?:code|status|value))?[ :=]{1,3}0(?![\w.])`,
    // URLs and paths
    String.raw`[a-z][a-z+]{1,10}://[^\s"'<>]{1,2000}`,
    String.raw`(?<![\w.])\.{0,2}/[\w.%~+-]{1,200}(?:/[\w.%~+:*-]{0,200}){0,40}(?:\?[^\s"']{0,500})?`,
    // com.example.errors.Mapper, but not the name of an exception
    String.raw`\b(?!\S{0,400}(?:Exception|Error)\b)[a-z_][\w$]{0,60}(?:\.[\w$]{1,80}){2,12}`,
    // ErrorHandler, GlobalExceptionMapper, error_log, spring.error.path, on-failure, failover, fail2ban
    String.raw`\b\w{0,80}(?:error|exception|fail(?:ure|ed)?|fault|panic|crash|fatal|timeout|abort|deadlock)s?_?(?:handl\w{0,20}|mapper|filter|controller|page|resolver|report\w{0,10}|interceptor|middleware|boundary|translator|advice|log\w{0,10}|config\w{0,15}|polic\w{1,5}|listener|factory|tracker|monitor\w{0,4}|metrics?|counter|detect\w{0,5}|budget|rate|threshold|code|codes|page|pages|path|template|stream|manager|recover\w{0,5}|strategy|plugin|safe|over|back|fast|open|2ban|limit|margin)\b`,
    String.raw`\b(?:error|exception|fail(?:ure)?|fault|panic|crash|timeout|retry|abort|deadlock)[ -](?:handl\w{1,20}|mapper|filter|controller|pages?|resolver|report(?:er|ing)|interceptor|middleware|boundary|log(?:s|ger|ging)?|level|correction|over|back|fast|safe|polic\w{1,5}|listener|toleran\w{1,5}|tracking|monitor\w{0,4}|metrics?|counter|detect\w{1,5}|budget|threshold|recovery|injection|domain|output|stream|messages? (?:enabled|disabled))\b`,
    String.raw`\b(?:on|if|ignore|ignor(?:ed|ing)|skip(?:ped|ping)?|max(?:imum)?|suppress(?:ed|ing)?|handl(?:e|es|ed|ing)|catch(?:es|ing)?|clear(?:ed|ing)?|reset(?:ting)?|expected|allowed|tolerated?|retry|retried|retry(?:ing)?) ?[_-]?(?:on |after |all |any |the |an? |previous |old |last ){0,2}(?:error|errors|failures?|fail|exceptions?|timeouts?|crash(?:es)?|panic)\b`,
    String.raw`\b(?:errors?|failures?|exceptions?|crash(?:es)?|panics?|timeouts?) (?:was |were |is |are |has been |have been |got )?(?:recovered|resolved|cleared|fixed|handled|ignored|corrected|restored|suppressed)\b`,
    String.raw`\b(?:recover(?:ed|y|ing)?|restored|resumed|reconnected|succeeded)(?: successfully)? (?:from|after) (?:[\w-]{1,20} ){0,3}(?:errors?|failures?|exceptions?|crash(?:es)?|panics?|timeouts?)\b`,
    String.raw`\b(?:add|added|register(?:ed|ing)?|install(?:ed|ing)?|enabl(?:ed?|ing)|load(?:ed|ing)?|configur(?:ed?|ing)|initiali[sz](?:ed?|ing)|created?|using|set(?:ting)?) (?:[\w.]{1,40} ){0,3}(?:errors?|failures?|exceptions?|crash|panic|fatal)\b`,
    String.raw`(?:--?|\b)(?:no-)?(?:fail|error|panic|abort|exit)-(?:on|if|fast|when|after)-?\w{0,20}`,
    String.raw`\bmoved? (?:to|from) \w{0,20} ?error (?:queue|topic)\b`,
  ].join('|'),
  'gi',
);

const fatal =
  /\b(?:panic(?:ked)?(?=:| at\b|$)|kernel panic|fatal(?:ity)?|unrecoverable|segmentation fault|segfault|core dumped|out of memory|OOM[- ]?Kill(?:ed|er|ing)?|OutOfMemoryError|oom-kill)\b|\bpanic: /i;

/** What cannot be taken back by trying again. */
const certain = new RegExp(
  [
    String.raw`\b(?:refused|denied|forbidden|unauthori[sz]ed|timed[ -]out|unreachable|deadline exceeded|broken pipe|no such (?:file|host|table|column|key|container|image|process|bean|method|module|device)|no route to host|no space left|disk (?:is )?full|quota exceeded|too many open files|too many connections|address already in use|port is already allocated|permission denied|access denied|connection (?:was )?(?:reset|aborted)|reset by peer|bad gateway|service unavailable|gateway time-?out|internal server error|stack ?overflow|deadlock(?:ed)?(?: detected| found)?|corrupt(?:ed|ion)?|crashed|crashing|crashloop\w{0,10}|killed by signal|exited abnormally|abnormally|x509|certificate has expired|handshake failure|giving up|gave up|(?:retries|attempts) exhausted|exhausted|unhandled|uncaught|traceback)\b`,
    String.raw`\b[A-Za-z]{2,60}(?:Exception|Error)\b(?=[:\s\]),.;'"]|$)`,
    String.raw`\b(?:module|command|class|executable|host|table|relation|column|symbol|library)\b.{0,60}\b(?:not found|does not exist|could not be found|cannot be found)`,
    String.raw`\bexit(?:ed|ing)?(?: with)?(?: (?:code|status|error|value))?[ :=(]{1,3}(?!0\b)-?\d{1,5}\b`,
    String.raw`\b(?:HTTP(?:/\d(?:\.\d)?)?|status(?:[ _-]?code)?|code|response|responded(?: with)?|returned|received|got|answered(?: with)?)["' ]{0,2}[:=]?[ "']{0,2}(?:HTTP(?:/\d(?:\.\d)?)? )?5\d\d\b(?! ?(?:m?s|bytes|[kmg]i?b|rows|items|records|lines|messages|files|entries)\b)`,
    String.raw`\b(?:is|are) not a function\b|\bundefined is not\b|\bECONN\w{3,10}\b|\bE(?:NOENT|ACCES|PERM|ADDRINUSE|MFILE|PIPE|TIMEDOUT|HOSTUNREACH|NOTFOUND|AI_AGAIN)\b`,
  ].join('|'),
  'i',
);

/** Trouble in general words: only a warning where it is said that it will be tried again. */
const general =
  /\b(?:errors?|fail(?:ed|ure|ures|ing|s)?|exceptions?|cannot|can't|can not|could ?n[o']t|could not|couldn't|unable to|not able to|unexpected(?:ly)?|abort(?:ed|ing)|killed|rejected|not running|is down|went down|unhealthy|unsuccessful(?:ly)?|not permitted|not allowed|not authorized|insufficient|did ?n[o']t respond|not respond(?:ing)?|malformed|disconnected unexpectedly)\b/i;
const again =
  /\b(?:re-?try(?:ing)?|will try again|try(?:ing)? again|re-?attempt(?:ing)?|re-?connect(?:ing)?|falling back|fall(?:s)? back|fallback|using default|will be (?:retried|ignored|skipped)|back-?off|ignoring|skipping)\b/i;

const warning =
  /\b(?:warn(?:ing)?|deprecat(?:ed|ion)|(?:slow|slower) (?:quer\w{1,3}|requests?|responses?|operations?|reads?|writes?|consumers?|disks?|processing|log|call|command|transaction|network|fsync|apply)|too slow|slowly|retry(?:ing)?|degraded|throttl(?:ed|ing)|rate[- ]limit(?:ed|ing|s)?|stale|overloaded|backpressure|evict(?:ed|ing)|interrupted|interrupting|invalid|missing|unknown|conflict|dropped|discard(?:ed|ing)|expired|high (?:memory|cpu|latency|load)|low (?:memory|disk)|almost full|exceed(?:ed|s|ing)|falling behind|lagging|broken|closed by|lost)\b/i;

/** What a message says by its content, not by the word: "0 errors" is no error, "connection refused" is one. `unknown` where it tells of no trouble. */
export function judgeLevel(message: string): LogLevel {
  const judged = message.length > longestJudged ? message.slice(0, longestJudged) : message;
  if (traceLines.test(judged)) return fatal.test(judged) ? 'fatal' : 'error';
  if (!mentions.test(judged)) return 'unknown';
  const rest = judged.replace(harmless, ' ');
  if (fatal.test(rest)) return 'fatal';
  if (certain.test(rest)) return 'error';
  if (general.test(rest)) return again.test(rest) ? 'warning' : 'error';
  return warning.test(rest) ? 'warning' : 'unknown';
}

/** Without one of these nothing can match: most lines are decided here. */
const mentions = new RegExp([fatal, certain, general, warning].map(({ source }) => source).join('|'), 'i');
