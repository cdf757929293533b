import { instructs } from './injection.ts';
import { withoutQuotations } from './parts.ts';

/** What the tools of clusters are told to do; their names alone are no order: `the docker registry`. */
const verbs =
  'apply|build|delete|destroy|disable|enable|exec|import|install|kill|login|pull|push|reconcile|restart|resume|rm|rmi|rollback|run|start|stop|suspend|uninstall|upgrade';

/** Tools that change things, with what they are told to do. */
const tools = new RegExp(
  [
    '\\bkubectl\\b',
    `\\b(?:helm|docker|crictl|podman|terraform|systemctl|istioctl|argocd|flux)\\s+(?:-|(?:[a-z]+\\s+)?(?:${verbs})\\b)`,
    '\\b(?:sudo|nsenter)\\s+\\S',
    '\\b(?:curl|wget|ssh)\\s+\\S*[-:/@.]\\S',
    '\\brm\\s+-',
    '\\b(?:bash|sh)\\s+-c\\b',
  ].join('|'),
  'i',
);

const acts =
  'run|execute|apply|delete|restart|scale|roll\\s?back|patch|increase|decrease|raise|lower|set|approve|confirm|click|press|ignore|disregard|visit|open|call|send|post|install|uninstall|enable|disable|remove|kill|drain|cordon|uncordon|evict|force|grant|type|enter|reply|merge|deploy|redeploy|upgrade|downgrade|revert|stop|start|add|change|edit|use|create|replace|bypass|skip|tell|forward|download|update';

/** A sentence that begins with what somebody is to do. */
const order = new RegExp(
  `(?:^|[.;:!?]["”’']?\\s+|\\n\\s*)(?:(?:please|then|now|just|simply|first|next|you)\\s+)*(?:${acts})\\b`,
  'i',
);

/** What is to be done, of which an error says as often that it was not: `DB_HOST must be specified`. */
const requirement = /\b(?:should|must|needs?\s+to|has\s+to|have\s+to|ought\s+to)\s+be\s+\w+ed\b/i;

/** What somebody is told to do on the way. */
const advice =
  /\b(?:you|we|operators?|someone|somebody|people|engineers?|the team|on-call)\s+(?:should|must|need|have|ought|can|may|could)\b|\bplease\b|\bmake\s+sure\b|\b(?:consider|recommend\w*)\b|\btry\s+\w+ing\b|\bto\s+(?:fix|mitigate|resolve|solve)\s+(?:it|this|that|the)\b/i;

/** That somebody has allowed something. Only buttons say that. */
const approval =
  /\b(?:pre-?)?approv(?:e|es|ed|al|als|ing)\b|\bauthori[sz]ed\s+(?:by|to|for)\b|\bpermission\s+(?:is|was|has\s+been)\b|\bsigned[\s-]off\b|\bconsent(?:s|ed)?\b|\bdecided\b|\bgreen[\s-]?light|\bsafe\s+to\s+(?:run|apply|delete|restart|proceed|ignore)\b/i;

/** How Go's HTTP client begins its errors: `failed to call webhook: Post "https://policy.kyverno.svc/validate": context deadline exceeded`. */
const request = /\b(?:Post|Patch|Delete)\s+(?=["“'‘]https?:\/\/)/g;

/** With these before it in its sentence, a quotation is what was read. */
const attribution =
  /\b(?:says?|said|reads?|logs?|logged|reports?|reported|prints?|printed|writes?|wrote|shows?|found|changed|measured|with|follows?\s+from|lines?|messages?|errors?)\b[^.;!?]*$/i;

/** What is cited, as far as it is quoted. */
export interface Quotable {
  /** Whether this stands there. */
  readonly states: (quotation: string) => boolean;
  /** Whether it stands in what was declared to the cluster, where commands are settings of somebody who may set them. */
  readonly declares: (quotation: string) => boolean;
}

/**
 * Whether a text tells people what to do, or claims that somebody has allowed it. Neither is a model's to say. What an error says is no order, where the text
 * says that it was read, it stands there, and it is not itself made to instruct; a command line in it stays one, unless it was declared.
 */
export function commands(text: string, { states, declares }: Quotable): boolean {
  const said = text.replace(request, '');
  const isRead = (quotation: string, before: string): boolean =>
    attribution.test(before) && states(quotation) && !instructs(quotation);
  const own = withoutQuotations(said, isRead);
  const undeclared = withoutQuotations(said, (quotation, before) => isRead(quotation, before) && declares(quotation));
  return (
    [order, requirement].some((pattern) => pattern.test(own)) ||
    tools.test(undeclared) ||
    [advice, approval].some((pattern) => pattern.test(said))
  );
}

const causal =
  /\b(?:because|caus(?:e|es|ed|ing)|due\s+to|owing\s+to|as\s+a\s+(?:result|consequence)|result(?:s|ed|ing)?\s+(?:in|from)|root\s+cause|trigger(?:s|ed|ing)?|le(?:d|ads?|ading)\s+to|therefore|thus|hence|so\s+that|responsible\s+for|explains?|reason\s+for|broke|breaks|brought\s+down|thanks\s+to|stems?\s+from)\b/i;

const hedge =
  /\b(?:may|maybe|might|could|possibly|perhaps|probably|likely|suggests?|appears?|seems?|apparently|consistent\s+with)\b/i;

/** Whether a text says that something may be so. */
export function supposes(text: string): boolean {
  return hedge.test(text);
}

/** How firmly a text says that one thing caused another. */
export function causality(text: string): 'none' | 'supposed' | 'certain' {
  if (!causal.test(text)) return 'none';
  return supposes(text) ? 'supposed' : 'certain';
}

/** Words after which something has to come. */
const unfinished =
  /\b(?:a|an|the|and|or|but|of|to|from|with|than|as|is|are|was|were|be|been|has|have|had|that|which|because|when|while|if|its|their)\s*[,:;(-]?\s*$/i;

/** Whether a text ends in the middle, as that of a model that was cut off. */
export function breaksOff(text: string): boolean {
  return unfinished.test(text) || /[,;(-]\s*$/.test(text);
}
