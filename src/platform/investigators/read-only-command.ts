/**
 * Kinds that may be read, by every name that kubectl has for them. A list of what is allowed: Secrets, ConfigMaps, custom resources and everything
 * of the whole cluster are missing, whatever they are spelled like.
 */
const kinds = new Set(
  [
    'pod pods po',
    'deployment deployments deploy',
    'statefulset statefulsets sts',
    'daemonset daemonsets ds',
    'replicaset replicasets rs',
    'job jobs',
    'cronjob cronjobs cj',
    'service services svc',
    'endpoints ep',
    'ingress ingresses ing',
    'horizontalpodautoscaler horizontalpodautoscalers hpa',
    'poddisruptionbudget poddisruptionbudgets pdb',
    'persistentvolumeclaim persistentvolumeclaims pvc',
    'event events ev',
    'all',
  ].flatMap((names) => names.split(' ')),
);

const name = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const container = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const number = /^\d{1,6}$/;
const duration = /^\d{1,5}[smh]$/;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;
const selector =
  /^[A-Za-z0-9][A-Za-z0-9._/-]{0,316}=[A-Za-z0-9._-]{0,63}(,[A-Za-z0-9][A-Za-z0-9._/-]{0,316}=[A-Za-z0-9._-]{0,63}){0,9}$/;

interface Form {
  /** What stands beside the flags. */
  readonly words: (words: readonly string[]) => boolean;
  /** Flags with a value, by the letter or name that they are written with, and what the value may be. */
  readonly values?: Readonly<Record<string, RegExp>>;
  /** Flags without one, as they are written. */
  readonly switches?: readonly string[];
  /** Must be there, or it does not end. */
  readonly needs?: string;
  /** True where it is about the API and no object. */
  readonly everywhere?: boolean;
}

const labels = { '-l': selector, '--selector': selector };

/** The whole of what may be asked, by verb. */
const forms: Readonly<Record<string, Form>> = {
  get: {
    words: isObjects,
    values: { ...labels, '-o': /^(wide|name|json|yaml)$/, '--output': /^(wide|name|json|yaml)$/ },
    switches: ['--show-labels', '--no-headers'],
  },
  describe: { words: isObjects, values: labels },
  logs: {
    words: (words) => words.length <= 1 && words.every((word) => name.test(word) || isObject(word)),
    values: {
      ...labels,
      '-c': container,
      '--container': container,
      '--tail': number,
      '--since': duration,
      '--since-time': time,
    },
    switches: ['-p', '--previous', '--timestamps', '--all-containers', '--prefix'],
  },
  top: {
    words: ([kind = '', ...names]) => /^(pods?|po)$/.test(kind) && names.every((word) => name.test(word)),
    values: labels,
    switches: ['--containers'],
  },
  events: { words: isNothing, values: { '--for': /^[a-z]+\/[a-z0-9][-a-z0-9.]*$/, '--types': /^(Normal|Warning)$/ } },
  explain: {
    words: ([field = '', ...more]) => kinds.has(field.split('.')[0] ?? '') && more.length === 0,
    everywhere: true,
  },
  'api-resources': { words: isNothing, everywhere: true },
  version: { words: isNothing, values: { '-o': /^(json|yaml)$/, '--output': /^(json|yaml)$/ }, everywhere: true },
  'auth can-i': {
    words: ([verb = '', kind = '', ...more]) => /^(get|list|watch)$/.test(verb) && kinds.has(kind) && more.length === 0,
  },
  'rollout status': {
    words: isObjects,
    values: { '--timeout': duration },
    switches: ['--watch=false'],
    needs: '--watch=false',
  },
  'rollout history': { words: isObjects, values: { '--revision': number } },
};

/** Flags that are the same one; the last that is given would win. */
const synonyms: Readonly<Record<string, string>> = {
  '-n': '--namespace',
  '-l': '--selector',
  '-o': '--output',
  '-c': '--container',
  '-p': '--previous',
};

/** Plain words with one space between them: nothing in them means anything to a shell. */
const plain = /^kubectl( [A-Za-z0-9._/:=,-]+)+$/;

const longestCommand = 1_000;

/**
 * Why a command may not be sent to somebody who runs it as it is; undefined where it may. A command passes if it is one of the forms above, about kinds
 * that may be read, in `namespace` and named so.
 */
export function refuseCommand(command: string, namespace: string): string | undefined {
  if (command.length > longestCommand || !plain.test(command)) return 'it is not one plain kubectl command';
  const [, first = '', second = '', ...others] = command.split(' ');
  const pair = `${first} ${second}`;
  const form = Object.hasOwn(forms, pair) ? forms[pair] : undefined;
  if (form !== undefined) return refuseParts(readParts(others, form), form, namespace);
  const single = Object.hasOwn(forms, first) ? forms[first] : undefined;
  if (single === undefined) return `"${first}" is not one of the verbs that only read`;
  return refuseParts(
    readParts(
      [second, ...others].filter((word) => word !== ''),
      single,
    ),
    single,
    namespace,
  );
}

interface Parts {
  readonly words: readonly string[];
  /** By the long name, each with its value or an empty text. */
  readonly flags: ReadonlyMap<string, string>;
  readonly fault: string | undefined;
}

function readParts(tokens: readonly string[], form: Form): Parts {
  const words: string[] = [];
  const flags = new Map<string, string>();
  const values: Readonly<Record<string, RegExp>> = {
    ...form.values,
    ...(form.everywhere === true ? {} : { '-n': name, '--namespace': name }),
  };
  const queue = [...tokens];
  for (let token = queue.shift(); token !== undefined; token = queue.shift()) {
    if (!token.startsWith('-')) {
      words.push(token);
      continue;
    }
    const [flag, value] = readFlag(token, queue, { values, switches: form.switches ?? [] });
    const long = synonyms[flag] ?? flag;
    if (value === undefined || flags.has(long))
      return { words, flags, fault: `the flag "${token}" is not allowed here` };
    flags.set(long, value);
  }
  return { words, flags, fault: undefined };
}

/** A flag and its value, which stands behind `=` (long names only) or is the next word; no value where it is not allowed. */
function readFlag(
  token: string,
  queue: string[],
  { values, switches }: { readonly values: Readonly<Record<string, RegExp>>; readonly switches: readonly string[] },
): readonly [flag: string, value: string | undefined] {
  if (switches.includes(token)) return [token, ''];
  const at = token.startsWith('--') ? token.indexOf('=') : -1;
  const flag = at < 0 ? token : token.slice(0, at);
  const allowed = Object.hasOwn(values, flag) ? values[flag] : undefined;
  const value = at < 0 ? queue.shift() : token.slice(at + 1);
  return [flag, value !== undefined && allowed?.test(value) === true ? value : undefined];
}

function refuseParts({ words, flags, fault }: Parts, form: Form, namespace: string): string | undefined {
  if (fault !== undefined) return fault;
  if (!form.words(words)) return `"${words.join(' ')}" is nothing that may be read`;
  const concerned = flags.get('--for');
  if (concerned !== undefined && !isObject(concerned)) return `"${concerned}" is nothing that may be read`;
  if (form.needs !== undefined && !flags.has(form.needs)) return `it needs ${form.needs}`;
  if (form.everywhere === true || flags.get('--namespace') === namespace) return undefined;
  return `it is not about the namespace ${namespace}`;
}

function isNothing(words: readonly string[]): boolean {
  return words.length === 0;
}

/** `deployment/checkout`. */
function isObject(word: string): boolean {
  const [kind = '', object = '', ...more] = word.split('/');
  return kinds.has(kind) && name.test(object) && more.length === 0;
}

/** Kinds and names as kubectl takes them: `pods,svc`, `deployment checkout`, `pod/a svc/b`. */
function isObjects(words: readonly string[]): boolean {
  const [list = '', ...names] = words;
  if (list.includes('/')) return words.every(isObject);
  return list.split(',').every((kind) => kinds.has(kind)) && names.every((word) => name.test(word));
}
