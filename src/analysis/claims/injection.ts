import type { Evidence, Injection } from '../../core/evidence.ts';

/** Longest excerpt, characters. */
const longest = 120;

const toWhom =
  '(?:all|any|the|your|my|our|these|those|previous|prior|above|earlier|preceding|foregoing|former|system|existing|original)';
const rules =
  '(?:instructions?|prompts?|rules?|guidelines?|guardrails?|directives?|constraints?|polic(?:y|ies)|context|training)';

const signs: readonly (readonly [Injection['what'], RegExp])[] = [
  [
    'instructions',
    new RegExp(`\\b(?:ignore|disregard|forget|override|bypass|discard)\\s+(?:${toWhom}\\s+){1,4}${rules}\\b`, 'i'),
  ],
  [
    'instructions',
    /\b(?:you are|act as|pretend to be|behave as)\s+(?:now\s+)?(?:an?\s+|the\s+)?(?:ai|assistant|language model|llm|chatbot|admin(?:istrator)?|root|sre bot|lifeguard)\b/i,
  ],
  [
    'instructions',
    /\b(?:dear|hey|hello|note to|attention|important for|instructions? for|message (?:to|for)|to)\s+(?:the\s+|any\s+|all\s+)?(?:ai|llm|language model|assistant|chatgpt|gpt|claude|gemini|copilot|lifeguard|agent)s?\b\s*[:,!.]/i,
  ],
  [
    'instructions',
    /\b(?:system|developer|hidden|new)\s+(?:prompt|instructions?)\s*[:=]|\bnew instructions?\s+(?:follow|are|from)\b|\bend of (?:the )?(?:prompt|instructions|evidence|data|logs?)\b.{0,40}\b(?:now|begin|new)\b/i,
  ],
  [
    'instructions',
    /\b(?:please|must|should|now|immediately|then|and|to fix(?: this)?,?|you)\s*[,:]?\s*(?:run|execute|type|enter|paste)\b.{0,24}\b(?:kubectl|helm|docker|bash|sh|curl|rm|sudo)\s/i,
  ],
  ['instructions', /(?:^|[:;.!"'\]]\s*)(?:run|execute)\s*:?\s*[`"']?(?:kubectl|helm|sudo|rm|curl|bash)\s/im],
  [
    'instructions',
    /\b(?:reveal|print|output|repeat|show|leak|exfiltrate)\s+(?:me\s+)?(?:your|the)\s+(?:system\s+)?(?:prompt|instructions|api keys?|secrets?|tokens?)\b/i,
  ],
  [
    'instructions',
    /\b(?:respond|reply|answer|say)\s+(?:only\s+)?(?:with|that)\b.{0,60}\b(?:approved|no problem|healthy|safe|resolved)\b/i,
  ],
  [
    'approval',
    /\bpre-?approved\b|\bhereby\s+approved\b|\b(?:changes?|actions?|roll\s?backs?|rollouts?|fix|commands?|deletions?|restarts?|scaling|operations?|this)\s+(?:(?:is|are|was|were|has|have|been|already)\s+){0,3}approved\b|\bapproved\s+by\s+(?:<@|U[A-Z0-9_]{2,}|(?:the\s+)?(?:admin|sre|ops|on-?call|security|lifeguard|platform|team|cto|root)\b)|\bapproval\s+(?:granted|given|id|token|code)\b|\bno\s+(?:human\s+)?(?:approval|confirmation)\s+(?:is\s+)?(?:needed|required|necessary)\b|\bauto-?approve\b/i,
  ],
  [
    'mention',
    /<!(?:channel|here|everyone|subteam\^[A-Z0-9]+|date\^)|<@[UW][A-Z0-9]{2,}|(?<![\w.])@(?:channel|here|everyone)\b/,
  ],
  [
    'tools',
    /<\|?(?:im_start|im_end|system|assistant|user|endoftext|tool_call|function_call|start_header_id)\|?>|\[\/?(?:INST|SYSTEM)\]|<<\/?SYS>>|<\/?(?:tool_use|function_calls?|tool_result|invoke|antml)\b|"(?:tool_calls?|function_call)"\s*:|"role"\s*:\s*"(?:system|assistant|developer)"/i,
  ],
  ['tools', /^\s{0,3}(?:###?\s*)?(?:system|assistant|developer)\s*:\s*(?:you|ignore|from now|always|never|do not)\b/im],
];

/** What a reader sees of it: invisible characters are there to hide such words. */
function visible(text: string): string {
  return text.normalize('NFKC').replace(/\p{Cf}/gu, '');
}

/** Whether a text shows any of the signs. */
export function instructs(text: string): boolean {
  const shown = visible(text);
  return signs.some(([, pattern]) => pattern.test(shown));
}

/**
 * Evidence that tries to give instructions, forge an approval, call people or speak a model's own syntax: one warning for each piece and kind. It stays
 * evidence.
 */
export function findInjections(evidence: readonly Evidence[]): readonly Injection[] {
  return evidence.flatMap(({ id, text }) => {
    const shown = visible(text);
    const found = new Map<Injection['what'], Injection>();
    for (const [what, pattern] of signs) {
      const match = found.has(what) ? null : pattern.exec(shown);
      if (match !== null) found.set(what, { id, what, excerpt: excerptOf(shown, match.index) });
    }
    return [...found.values()];
  });
}

/** From the line's beginning, or near the words where the line is long. */
function excerptOf(text: string, at: number): string {
  const line = Math.max(text.lastIndexOf('\n', at) + 1, at - longest / 2);
  return (text.slice(line, line + longest).split('\n')[0] ?? '').trim();
}
