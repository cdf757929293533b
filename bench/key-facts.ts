/** What a statement is about -> how the same is said by rules. Terms of Kubernetes and of logs, the same for every recording. */
const concepts: readonly (readonly [said: RegExp, named: RegExp])[] = [
  [/\boom.?kill/i, /OOMKilled/],
  [/crash ?loop/i, /crash/i],
  [/command .* not found/i, /not in the image|not found/i],
  [/typo|intended command/i, /typo|meant/i],
  [/pulling/i, /cannot be pulled/i],
  [/backoff limit/i, /BackoffLimitExceeded/],
  [/connect/i, /cannot connect/i],
  [/too many pods/i, /\d+ pods of at most \d+/i],
  [/insufficient gpu/i, /(?:insufficient|not enough|too little|lack|no) [^\n]{0,30}gpu/i],
  [/could not be resolved/i, /cannot be resolved/i],
  [/\bpvc\b.*misconfigured/i, /storage ?class\S* [^\n]{1,60}(?:does not exist|not found)/i],
  [/redis timeouts/i, /redis does not answer/i],
  [/certificate expired/i, /certificate has expired/i],
  [/syntax error/i, /syntax error/i],
  [/unicity constraint/i, /unique constraint/i],
];

/** Names in a statement: in backticks, or words that hold digits, dashes or colons as the names of objects, images and addresses do. */
const quoted = /`([^`]+)`/g;
const nameLike = /(?:https?:\/\/)?\b[a-z][\w]*(?:[-.:/][\w]+)+\b/g;

/**
 * What of a statement a text does not name: its names, word for word, and its concepts. Of names that an `either` joins one is enough. Empty: all of it is
 * there. Throws for a statement in which nothing is known that could be looked for.
 */
export function missingFacts(statement: string, text: string): readonly string[] {
  const asked = concepts.filter(([said]) => said.test(statement));
  const names = namesIn(statement);
  if (asked.length + names.length === 0) return [`(nothing to look for in “${statement.slice(0, 60)}”)`];
  const unnamed = names.filter((name) => !text.includes(name));
  const either = /\beither\b/.test(statement) && unnamed.length < names.length;
  return [
    ...(either ? [] : unnamed),
    ...asked.filter(([, named]) => !named.test(text)).map(([said]) => `“${said.exec(statement)?.[0] ?? ''}”`),
  ];
}

function namesIn(statement: string): readonly string[] {
  const inTicks = [...statement.matchAll(quoted)].map(([, name = '']) => name);
  const rest = statement.replaceAll(quoted, '');
  const found = [...inTicks, ...[...rest.matchAll(nameLike)].map(([name]) => name)];
  return [...new Set(found)].filter((name) => !concepts.some(([said]) => said.test(name)));
}
