import type { z } from 'zod';
import { cut } from '../core/cut.ts';
import { redact } from '../core/redact.ts';

type Issue = z.core.$ZodIssue;

/** One Zod issue as sentences: where, what was found, what is allowed. */
export function describeIssue(issue: Issue, valueAt: (path: readonly string[]) => unknown): string[] {
  const path = issue.path.map(String);
  const where = path.length === 0 ? 'the file' : path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(
      (key) => `${[...path, key].join('.')}: found a key that does not exist here; remove it or correct its spelling.`,
    );
  }
  return [`${where}: found ${show(valueAt(path))}, allowed is ${allowed(issue)}.`];
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = redact(JSON.stringify(value));
  return cut(text, 60);
}

function allowed(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `${issue.inclusive === true ? 'at least' : 'more than'} ${issue.minimum}`;
    case 'too_big':
      return `${issue.inclusive === true ? 'at most' : 'less than'} ${issue.maximum}`;
    case 'invalid_type':
      return article(issue.expected);
    case 'invalid_format':
      return issue.message;
    case 'invalid_key':
      return issue.issues.map((inner) => inner.message).join('; ');
    default:
      return issue.message;
  }
}

function article(type: string): string {
  const words: Readonly<Record<string, string>> = {
    object: 'a mapping',
    record: 'a mapping',
    array: 'a list',
    string: 'a text',
    number: 'a number',
    int: 'a whole number',
  };
  return words[type] ?? type;
}
