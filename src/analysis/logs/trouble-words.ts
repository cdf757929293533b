// Every repetition below has an upper bound, so that the time is proportional to the text whatever it holds.

/** Not "failed: 0/3 nodes are available", not "error: null pointer". */
const zero = String.raw`(?:0(?:\.0{1,6})? ?%?(?![\w./]| (?:out )?of\b| [a-z]{1,15} (?:is|are|of)\b)|(?:(?:none|null|nil|false|undefined)\b|<nil>|\[\]|\{\}|""|'')(?=["']?(?:$|[,;)}\]]|\s{1,8}(?:$|\w{1,40}[:=]))))`;
const trouble = wordsOf([
  'err(?:or)?s?(?:\\(s\\))?|fail(?:ed|ing|ures?|s)?|exceptions?|crash(?:es)?|warnings?|panics?|timeouts?|conflicts?',
  'aborted|killed|denied|rejected|dropped|lost|unreachable|unhealthy|oom(?:[_-]?kills?)?',
]);
const mishap = 'errors?|fail(?:ures?)?|exceptions?|timeouts?|crash(?:es)?|panics?';
/** What is made to deal with trouble. Not `handling`, `reporting`, `configuring`: that is what went wrong in "error handling request". */
const remedy = [
  String.raw`handlers?|mapper|filter|controller|pages?|resolver|reporter|interceptor|middleware|boundary|translators?|advice|logs?|logger`,
  String.raw`config|polic(?:y|ies)|listener|factory|tracker|monitor|metrics?|counters?|detect(?:or|ion)|budget|threshold|template|collector|queues?`,
  String.raw`topics?|domains?|injection|toleran(?:ce|t)|correction|level|plugin|recovery|strategy|manager`,
  String.raw`(?:handling|reporting|tracking|logging|monitoring) (?:middleware|is|was|enabled|disabled|on|off|ready|started|initiali[sz]ed|installed|configured)`,
].join('|');
const madeOf = String.raw`handl\w{1,20}|report\w{0,10}|config\w{0,15}|path|streams?|output|channels?|events|safe|over|back|fast|open|2ban|limit|margin`;

/** What is counted from zero: "shard 0 failed" is no count of failures. */
const numbered = String.raw`\b(?:job|shard|replica|worker|node|task|partition|attempt|step|stage|instance|thread|cpu|gpu|disk|index|pod|broker|container|slot|rank|device|channel)`;

/** Talk about trouble that is none: counts of zero, names of code and files, what is prepared for trouble or got over it. */
export const harmless = new RegExp(
  [
    // "0 errors", "no error", "without any failures", "nothing failed", "0 out of 12 failed"; not "no space left error"
    String.raw`(?<![\w.:-])(?:(?<!${numbered} )0|no|zero|without(?: any| an?)?|never|non|nothing|none)[ -](?:(?!such|space|route)[a-z]{1,15} )?${trouble}(?!\w)(?! (?:could|can|to|of|but))`,
    String.raw`(?<![\w.:-])(?:not an? |not a single |not any )(?:error|failure|exception|problem)s?\b`,
    String.raw`(?<![\w.:-])0 (?:out )?of \d{1,9} (?:[a-z]{1,15} ){0,2}${trouble}\b`,
    // "failed: 0", "error_count=0", "error rate 0.00%", "err=<nil>", "errors": [], "lastError: none", "failed requests: 0"
    String.raw`(?:\b(?:fatal )?|(?<=[_.-]|last|total|num))${trouble}(?:[ _.-]?(?:count|rate|ratio|total|code|num|number|percentage|status|message|msg))?["' ]{0,2}(?:[:=]|is|was)?[ "']{0,2}${zero}`,
    String.raw`\b${trouble}(?: [a-z]{1,15}){1,2}[:=] ?${zero}`,
    // "error =": a value that is not there
    String.raw`\berr(?:or)?s? ?= ?(?=$|[,;])`,
    // "exit code 0", "status: 0"
    String.raw`\b(?:exit(?:ed)?|return(?:ed)?|status)(?: with)?(?: (?:code|status|value))?[ :=]{1,3}0(?![\w.])`,
    // URLs and paths
    String.raw`[a-z][a-z+]{1,10}://[^\s"'<>]{1,2000}`,
    String.raw`(?<![\w.])\.{0,2}/[\w.%~+-]{1,200}(?:/[\w.%~+:*-]{0,200}){0,40}(?:\?[^\s"']{0,500})?`,
    // com.example.errors.Mapper, but not the name of an exception
    String.raw`\b(?=[a-z_][\w$]{0,60}\.[\w$]{1,80}\.)(?!\S{0,400}(?:Exception|Error)\b)[a-z_][\w$]{0,60}(?:\.[\w$]{1,80}){2,12}`,
    // "topic payment.failed"; not "stream error"
    String.raw`\b(?:topic|queue|channel|exchange|stream|event|subscription|metric|counter)s? (?:["'\x60][\w.-]{1,100}|\w{1,60}[._-][\w.-]{1,100})`,
    // ErrorHandler, error_log, failover, fail2ban, order-failed-events; "error handler"
    String.raw`(?:error|exception|fail(?:ure|ed)?|fault|panic|crash|fatal|timeout|abort|deadlock)s?[_-]?(?:${remedy}|${madeOf})\b`,
    String.raw`\b(?:error|exception|failure|fault|panic|crash|timeout|abort|deadlock)s? (?:${remedy})\b`,
    // "on error", "skipping failures", "max retry"
    String.raw`\b(?:on|if|ignor(?:e|ed|ing)|skip(?:ped|ping)?|max(?:imum)?|suppress(?:ed|ing)?|handl(?:es|ed|ing)|catching|clear(?:ed|ing)?|resetting|expected|allowed|tolerated?|retr(?:y|ied|ying)) ?[_-]?(?:(?:on|after|all|any|the|an?|previous|old|last) ){0,2}(?:${mishap})\b`,
    // "errors were resolved", "recovered from an error", "restored after failure"
    String.raw`\b(?:${mishap})(?:\(s\))? (?:(?:was|were|is|are|has been|have been|got|detected and) )?(?:recovered|resolved|cleared|fixed|handled|ignored|corrected|restored|suppressed)\b`,
    String.raw`\b(?:recover(?:ed|y|ing)?|restored|resumed|reconnected|succeeded)(?: successfully)? (?:from|after) (?:[\w-]{1,20} ){0,3}(?:${mishap})\b`,
    // "--fail-fast", "exit-on-error"
    String.raw`(?:--?|\b)(?:no-)?(?:fail|error|panic|abort|exit)-(?:on|if|fast|when|after)-?\w{0,20}`,
  ].join('|'),
  'gi',
);

export const fatal = patternOf([
  String.raw`(?:panic(?:ked)?(?=:| at\b|$)|kernel panic|fatal(?:ity)?|unrecoverable|segmentation fault|segfault|SIG(?:SEGV|ABRT|BUS|ILL)|core dumped)\b`,
  String.raw`(?:out of memory|OOM[- ]?Kill(?:ed|er|ing)?|OutOfMemoryError)\b`,
]);

/** What cannot be taken back by trying again. */
export const certain = patternOf([
  String.raw`(?:refused|denied|forbidden|unauthori[sz]ed|unreachable|timed[ -]out|deadline exceeded|gateway time-?out)\b`,
  String.raw`(?:broken pipe|connection[ _](?:was )?(?:reset|aborted)|reset by peer|no route to host|handshake failure|x509|certificate has expired)\b`,
  String.raw`(?:bad gateway|service (?:temporarily )?unavailable|internal server error)\b`,
  String.raw`no such (?:file|host|table|column|key|container|image|process|bean|method|module|device)\b`,
  String.raw`(?:module|command|class|executable|file|path|directory|host|table|relation|column|database|role|index|topic|bucket|secret|configmap|symbol|library)\b.{0,60}\b(?:not found|does not exist|(?:could not|cannot) be found)\b`,
  String.raw`(?:no space left|disk (?:is )?full|quota exceeded|too many open files|too many (?:connections|clients)|exhausted|stack ?overflow)\b`,
  String.raw`(?:address already in use|port is already allocated|deadlock(?:ed)?|corrupt(?:ed|ion)?|checksum mismatch)\b`,
  String.raw`(?:crashed|crashing|crashloop\w{0,10}|killed by signal|abnormally|giving up|gave up|unhandled|uncaught|traceback)\b`,
  // An exception by its name; the errors of Node and of browsers
  String.raw`[A-Za-z]{2,60}(?:Exception|Error)\b(?=[:\s\]),.;'"]|$)`,
  String.raw`(?:is|are) not a function\b|undefined is not\b`,
  String.raw`E(?:CONN\w{3,10}|NOENT|ACCES|PERM|ADDRINUSE|MFILE|PIPE|TIMEDOUT|HOSTUNREACH|NOTFOUND|AI_AGAIN)\b`,
  String.raw`ERR_(?:CONNECTION|NAME|SSL|TLS|CERT|NETWORK|ADDRESS|INTERNET|TIMED|SOCKET|MODULE|HTTP)\w{0,40}\b`,
  // "exited with code 137"
  String.raw`exit(?:ed|ing)?(?: with)?(?: (?:code|status|error|value))?[ :=(]{1,3}(?!0\b)-?\d{1,5}\b`,
  // "status code 503", "answered HTTP/1.1 502"; not "returned 512 bytes"
  String.raw`(?:HTTP(?:/\d(?:\.\d)?)?|status(?:[ _-]?code)?|code|response|responded(?: with)?|returned|received|got|answered(?: with)?)["' ]{0,2}[:=]?[ "']{0,2}(?:HTTP(?:/\d(?:\.\d)?)? )?5\d\d\b(?! ?(?:m?s|bytes|[kmg]i?b|rows|items|records|lines|messages|files|entries)\b)`,
]);

/** Trouble in general words: only a warning where it is said that it will be tried again. */
export const general = patternOf([
  String.raw`(?:errors?|fail(?:ed|ures?|ing|s)?|exceptions?|abort(?:ed|ing)|killed|rejected|malformed|insufficient|unhealthy|unsuccessful(?:ly)?|unexpected(?:ly)?)\b`,
  String.raw`(?:cannot|can't|can not|could ?n[o']t|could not|unable to|not able to|did ?n[o']t respond|not respond(?:ing)?)\b`,
  String.raw`(?:not (?:running|permitted|allowed|authorized)|(?:is|went) down|missing required|(?:election|quorum|leadership|lease) lost)\b`,
  String.raw`terminated (?:for reason|unexpectedly|by signal)\b`,
  String.raw`(?:error[_ ]?code|errno)["']?[:= ]{1,2}-?[1-9]\d{0,9}\b`,
  String.raw`invalid (?:config\w{0,10}|credentials|token|arguments?|certificate|password|signature|value|syntax|json|yaml|api key)\b`,
  String.raw`(?:connection|pool|read|write|connect|request|socket|lock|query|operation|i/o) time-?out\b(?! ?[=:]| (?:is|was|of|to|for|set|value)\b)`,
]);

export const again = patternOf([
  String.raw`(?:re-?try(?:ing)?|try(?:ing)? again|re-?attempt(?:ing)?|re-?connect(?:ing)?|backing off|will be (?:retried|ignored|skipped))\b`,
  String.raw`(?:fall(?:s|ing)? ?back|using default|ignoring|skipping)\b`,
]);

export const warning = patternOf([
  String.raw`(?:warn(?:ing)?|deprecat(?:ed|ion)|degraded|throttl(?:ed|ing)|rate[- ]limit(?:ed|ing|s)?|overloaded|backpressure|stale|lagging)\b`,
  String.raw`(?:too slow|slowly|slow(?:er)? (?:quer\w{1,3}|requests?|responses?|operations?|reads?|writes?|consumers?|disks?|processing|log|call|command|transaction|network|fsync|apply))\b`,
  String.raw`(?:retry(?:ing)?|back-off|interrupt(?:ed|ing)|invalid|missing|unknown|conflict|mismatch|dropped|discard(?:ed|ing)|expired|evict(?:ed|ing)|broken|closed by|lost)\b`,
  String.raw`(?:exceed(?:ed|s|ing)|almost full|falling behind|high (?:memory|cpu|latency|load)|low (?:memory|disk))\b`,
]);

function patternOf(alternatives: readonly string[]): RegExp {
  return new RegExp(String.raw`\b(?:${wordsOf(alternatives)})`, 'i');
}

function wordsOf(alternatives: readonly string[]): string {
  return `(?:${alternatives.join('|')})`;
}
