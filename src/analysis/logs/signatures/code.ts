import type { Signature } from './signature.ts';

/** Faults of the program itself. */
export const codeSignatures = [
  {
    id: 'stack-overflow',
    class: 'code',
    patterns: [
      /\bStackOverflowError\b|StackOverflowException|Maximum call stack size exceeded/,
      /RecursionError: maximum recursion depth exceeded|goroutine stack exceeds|has overflowed its stack|stack level too deep/,
    ],
    cause: 'A function of its code calls itself without end.',
    next: 'It is a fault in the code: the repeating frames of the stack trace name the function; see which release or which input brought it.',
  },
  {
    id: 'missing-value',
    class: 'code',
    patterns: [
      /Cannot read propert(?:y|ies) (?:'(?<member>[\w$]{1,60})' )?of (?:undefined|null)/,
      /'NoneType' object has no attribute '(?<member>\w{1,60})'/,
      /undefined method [`'](?<member>[\w?!]{1,60})' for nil/,
      /Cannot invoke "(?<member>[^"\n]{1,160})" because/,
      /nil pointer dereference|\bNullPointerException\b|\bNullReferenceException\b|'NoneType' object is not/,
      /Call to a member function (?<member>\w{1,60})\(\) on null/,
    ],
    cause: 'Its code uses a value that is not there (null, nil, undefined): {member|it is not named}.',
    next: 'It is a fault in the code: the first frame of the stack trace that is its own names the place; see which release or which input brought it.',
  },
  {
    id: 'memory-fault',
    class: 'code',
    patterns: [/\bsegmentation fault\b|\bSIGSEGV\b|\bSIGBUS\b|double free or corruption|stack smashing detected/i],
    cause: 'Its program touches memory that it must not (segmentation fault).',
    next: 'It is a fault in native code: look at libraries and base images that changed, and keep a core dump if it can be had.',
  },
  {
    id: 'all-asleep',
    class: 'code',
    patterns: [/all goroutines are asleep - deadlock/],
    cause: 'All its goroutines wait for each other.',
    next: 'It is a fault in the code: the dump below it shows what each goroutine waits for.',
  },
] as const satisfies readonly Signature[];
