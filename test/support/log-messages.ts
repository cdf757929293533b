import fc from 'fast-check';

const pieces = fc.oneof(
  fc.constantFrom('user', 'alice', 'bob', 'carol', 'dave', 'failed', 'Started', 'STOPPED', 'for', 'status', 'root'),
  fc.constantFrom(
    '=',
    '"',
    '(',
    ')',
    ':',
    ', ',
    '()',
    '...',
    '#',
    '@',
    '\\',
    '<*>',
    '<#>',
    '<+>',
    '\t',
    '\n',
    '\n  at x',
  ),
  fc.constantFrom('10.0.0.1', '80', '5 KB', '3 MB', 'Jul 3', 'Sun', '12:30:01', '/a/b?x=1&y', 'http://a.b', 'true'),
  fc.constantFrom(
    'node-7',
    'core.12',
    'web-7d9f8c-x7k2p',
    '/10.0.0.1:80',
    '/0:0:0:0:0:0:0:1:80',
    ', node-8',
    ', /10.0.0.2:80',
  ),
  fc.constantFrom('<1', '>5ms', 'a::b', '......', '!/x', 'n/a', ':00:11:22:33:44:e5', 'user="user <#>"', 'user=root'),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.integer().map(String),
);

/** Messages that come near to what the miner treats specially, and binary ones. */
export const messages = fc.array(
  fc.tuple(fc.array(pieces, { maxLength: 14 }), fc.constantFrom(' ', '')).map(([words, glue]) => words.join(glue)),
  { maxLength: 50 },
);
