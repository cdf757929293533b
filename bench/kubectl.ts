import { isJsonObject, type JsonObject } from '../src/core/json.ts';
import { childrenOf, type Entry, find, parseAge, parseEntries, rowsOf, valueOf } from './kubectl-text.ts';

/** An object as `kubectl describe` showed it, for the source that would have watched it. */
export interface Described {
  /** Id of the source. */
  readonly source: string;
  readonly object: JsonObject;
}

type Raw = Readonly<Record<string, unknown>>;

/** One text, read. `now`: when it was recorded, epoch milliseconds. */
interface Page {
  readonly entries: readonly Entry[];
  readonly name: string;
  readonly namespace: string;
  readonly now: number;
}

interface Kind {
  readonly kind: string;
  readonly source: string;
  /** A line that only this kind has. */
  readonly mark: string;
  readonly read: (page: Page) => Raw;
}

const kinds: readonly Kind[] = [
  { kind: 'Ingress', source: 'ingresses', mark: 'Ingress Class', read: readIngress },
  { kind: 'Job', source: 'jobs', mark: 'Pods Statuses', read: readJob },
  { kind: 'Node', source: 'nodes', mark: 'Allocatable', read: readNode },
  { kind: 'PersistentVolumeClaim', source: 'persistentvolumeclaims', mark: 'VolumeMode', read: readClaim },
  { kind: 'Pod', source: 'pods', mark: 'Containers', read: readPod },
];

/** When it was recorded, as far as the dates and ages in it tell, epoch milliseconds; `fallback` where there are none. */
export function recordedAt(text: string, fallback: number): number {
  const pattern = /\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}/g;
  const dates = [...text.matchAll(pattern)].map(([date]) => Date.parse(date));
  const started = Date.parse(/^Start Time:\s+(.*)$/m.exec(text)?.[1] ?? '');
  const ages = rowsOf(parseEntries(text)).map(({ first }) => first);
  const known = [...dates, started + Math.max(0, ...ages)].filter((at) => at > 0);
  return known.length === 0 ? fallback : Math.max(...known);
}

/** What one text of `kubectl describe` shows, its Events and a node's pods included; nothing where it is something else. */
export function readDescribed(text: string, now: number): readonly Described[] {
  const entries = parseEntries(text);
  const name = valueOf(entries, 'Name');
  const kind = kinds.find(({ mark }) => find(entries, mark) !== undefined);
  if (name === undefined || kind === undefined) return [];
  const page = { entries, name, namespace: valueOf(entries, 'Namespace') ?? '', now };
  return [give(kind.source, kind.read(page)), ...eventsOf(kind.kind, page), ...tenantsOf(page)];
}

/** The failed pods of a Job as `kubectl get pods` lists them. The table gives no exit code: what ended in `Error` is taken to have ended with 1. */
export function readPodTable(text: string, job: string, now: number): readonly Described[] {
  const rows = text.split('\n').map((line) => line.replace(/\([^)]*\)/, '').split(/\s+/));
  return rows.flatMap(([name = '', , status = '', , age = '']) => {
    if (!name.startsWith(`${job}-`) || status !== 'Error') return [];
    const at = now - parseAge(age);
    const terminated = { exitCode: 1, reason: status, startedAt: iso(at), finishedAt: iso(at + 1_000) };
    const object = {
      metadata: { ...metadataOf('Pod', { name, namespace: 'default' }, at), ...ownedBy('Job', job) },
      spec: { restartPolicy: 'Never', containers: [{ name: 'main' }] },
      status: { phase: 'Failed', containerStatuses: [{ name: 'main', state: { terminated } }] },
    };
    return [give('pods', object)];
  });
}

function give(source: string, raw: Raw): Described {
  const object: unknown = JSON.parse(JSON.stringify(raw));
  return { source, object: isJsonObject(object) ? object : {} };
}

function timeOf(entries: readonly Entry[], key: string): string | undefined {
  const at = Date.parse(valueOf(entries, key) ?? '');
  return Number.isNaN(at) ? undefined : iso(at);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function uidOf(kind: string, name: string): string {
  return `uid-${kind}-${name}`;
}

function metadataOf(kind: string, { name, namespace }: Pick<Page, 'name' | 'namespace'>, at: number) {
  return { uid: uidOf(kind, name), name, namespace, creationTimestamp: iso(at) };
}

function ownedBy(kind: string, name: string) {
  return { ownerReferences: [{ kind, name, uid: uidOf(kind, name), controller: true }] };
}

/** Of a pod that does not say since when it is there: since its oldest Event. */
function bornAt({ entries, now }: Page): number {
  const started = Date.parse(valueOf(entries, 'Start Time') ?? '');
  return Number.isNaN(started) ? now - Math.max(0, ...rowsOf(entries).map(({ first }) => first)) : started;
}

function readPod(page: Page): Raw {
  const { entries } = page;
  const [ownerKind, ownerName] = (valueOf(entries, 'Controlled By') ?? '').split('/');
  const owned = ownerKind !== undefined && ownerName !== undefined ? ownedBy(ownerKind, ownerName) : {};
  const [nodeName] = (valueOf(entries, 'Node') ?? '').split('/');
  const [main, init] = [childrenOf(entries, 'Containers'), childrenOf(entries, 'Init Containers')];
  return {
    metadata: { ...metadataOf('Pod', page, bornAt(page)), ...owned },
    spec: {
      restartPolicy: ownerKind === 'Job' ? 'Never' : 'Always',
      ...(nodeName === '' ? {} : { nodeName }),
      nodeSelector: readSelector(find(entries, 'Node-Selectors')),
      containers: main.map(readSpec),
      initContainers: init.map(readSpec),
      volumes: childrenOf(entries, 'Volumes').flatMap(({ key, children }) => {
        const claimName = valueOf(children, 'ClaimName');
        return claimName === undefined ? [] : [{ name: key, persistentVolumeClaim: { claimName } }];
      }),
    },
    status: {
      phase: valueOf(entries, 'Status') ?? 'Unknown',
      conditions: readPodConditions(page),
      containerStatuses: main.map((one) => readStatus(one, page)),
      initContainerStatuses: init.map((one) => readStatus(one, page)),
    },
  };
}

/** `a=b`, and more of them on lines of their own. */
function readSelector(entry: Entry | undefined): Raw {
  const texts = entry === undefined ? [] : [entry.value, ...entry.children.map(({ line }) => line)];
  return Object.fromEntries(texts.filter((text) => text.includes('=')).map((text) => text.split('=')));
}

/** `describe` leaves out why no node was found; the API has in the condition what the Event says. */
function readPodConditions(page: Page): readonly Raw[] {
  const failed = rowsOf(page.entries).find(({ reason }) => reason === 'FailedScheduling');
  return childrenOf(page.entries, 'Conditions')
    .slice(1)
    .map(({ line }) => {
      const [type = '', status = ''] = line.split(/\s+/);
      const why =
        type === 'PodScheduled' && failed !== undefined ? { reason: 'Unschedulable', message: failed.note } : {};
      return { type, status, ...why, lastTransitionTime: iso(bornAt(page)) };
    });
}

function readSpec({ key, children }: Entry): Raw {
  const resources = (name: string): Raw =>
    Object.fromEntries(childrenOf(children, name).map((one) => [one.key, one.value]));
  const image = valueOf(children, 'Image') ?? '';
  return { name: key, image, resources: { limits: resources('Limits'), requests: resources('Requests') } };
}

function readStatus({ key, children }: Entry, page: Page): Raw {
  return {
    name: key,
    ready: valueOf(children, 'Ready') === 'True',
    // `describe` leaves it out; what has no startup probe has started as soon as it runs.
    started: valueOf(children, 'State') === 'Running' && valueOf(children, 'Startup') === undefined,
    restartCount: Number(valueOf(children, 'Restart Count') ?? 0),
    state: readState(find(children, 'State'), page),
    lastState: readState(find(children, 'Last State'), page),
  };
}

/** `describe` leaves out why a container waits; the API has there what the kubelet says in an Event as a pull fails. */
function readState(state: Entry | undefined, { entries }: Page): Raw {
  if (state === undefined) return {};
  const { value, children } = state;
  const said = { reason: valueOf(children, 'Reason') ?? '', message: valueOf(children, 'Message') };
  const startedAt = timeOf(children, 'Started');
  if (value === 'Running') return { running: { startedAt } };
  const pull = rowsOf(entries).find(({ note }) => note.startsWith('Failed to pull image'));
  if (value === 'Waiting') return { waiting: { ...said, message: said.message ?? pull?.note } };
  const exitCode = Number(valueOf(children, 'Exit Code') ?? 0);
  return { terminated: { ...said, exitCode, startedAt, finishedAt: timeOf(children, 'Finished') } };
}

/** `describe` leaves out the conditions of a Job; its controller says the same in an Event as it gives it up. */
function readJob(page: Page): Raw {
  const { entries, now } = page;
  const statuses = valueOf(entries, 'Pods Statuses') ?? '';
  const number = (word: string): number => Number(new RegExp(`(\\d+) ${word}`).exec(statuses)?.[1] ?? 0);
  const failed = rowsOf(entries).find(({ reason }) => reason === 'BackoffLimitExceeded');
  const end = failed && {
    type: 'Failed',
    status: 'True',
    reason: failed.reason,
    message: failed.note,
    lastTransitionTime: iso(now - failed.last),
  };
  return {
    metadata: metadataOf('Job', page, bornAt(page)),
    spec: { backoffLimit: Number(valueOf(entries, 'Backoff Limit') ?? 6) },
    status: {
      active: number('Active'),
      succeeded: number('Succeeded'),
      failed: number('Failed'),
      startTime: iso(bornAt(page)),
      conditions: end === undefined ? [] : [end],
    },
  };
}

/** A rule is a host, and below it a line for each path: `/   shop:80 (10.1.0.9:80)`. */
function readIngress(page: Page): Raw {
  const ingressClassName = valueOf(page.entries, 'Ingress Class');
  const rules = childrenOf(page.entries, 'Rules').slice(2);
  return {
    metadata: metadataOf('Ingress', page, bornAt(page)),
    spec: {
      ...(ingressClassName === undefined ? {} : { ingressClassName }),
      rules: rules.map(({ line: host, children }) => ({
        host,
        http: { paths: children.flatMap(({ line }) => readPath(line)) },
      })),
    },
    status: {},
  };
}

function readPath(line: string): readonly Raw[] {
  const [, path, name, port] = /^(\S+)\s+([\w.-]+):(\w+)/.exec(line) ?? [];
  if (name === undefined) return [];
  return [
    {
      path,
      backend: { service: { name, port: /^\d+$/.test(port ?? '') ? { number: Number(port) } : { name: port } } },
    },
  ];
}

function readClaim(page: Page): Raw {
  const { entries } = page;
  const storageClassName = valueOf(entries, 'StorageClass');
  return {
    metadata: metadataOf('PersistentVolumeClaim', page, bornAt(page)),
    spec: storageClassName === undefined ? {} : { storageClassName },
    status: { phase: valueOf(entries, 'Status') ?? 'Pending' },
  };
}

function readNode(page: Page): Raw {
  const { entries } = page;
  const allocatable = Object.fromEntries(childrenOf(entries, 'Allocatable').map(({ key, value }) => [key, value]));
  const conditions = childrenOf(entries, 'Conditions')
    .slice(2)
    .map(({ line }) => {
      const [type = '', status = '', , since = '', reason = '', message = ''] = line.split(/\s{2,}/);
      return { type, status, reason, message, lastTransitionTime: iso(Date.parse(since)) };
    });
  const created = Date.parse(valueOf(entries, 'CreationTimestamp') ?? '');
  return { metadata: metadataOf('Node', page, created), status: { allocatable, conditions } };
}

/** The pods of a node. */
function tenantsOf({ entries, name: nodeName, now }: Page): readonly Described[] {
  return childrenOf(entries, 'Non-terminated Pods')
    .slice(2)
    .map(({ line }) => {
      const [namespace = '', name = '', cpu = '', , memory = '', , age = ''] = line.split(/\s{2,}/);
      const requests = { cpu: cpu.split(' ')[0], memory: memory.split(' ')[0] };
      const object = {
        metadata: metadataOf('Pod', { name, namespace }, now - parseAge(age)),
        spec: { nodeName, containers: [{ name: 'main', resources: { requests } }] },
        status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
      };
      return give('pods', object);
    });
}

function eventsOf(kind: string, { entries, name, namespace, now }: Page): readonly Described[] {
  return rowsOf(entries).map(({ type, reason, note, count, first, last }, index) =>
    give('events', {
      metadata: metadataOf('Event', { name: `${name}.${index}`, namespace }, now - first),
      regarding: { kind, namespace, name, uid: uidOf(kind, name) },
      type,
      reason,
      note,
      deprecatedCount: count,
      deprecatedLastTimestamp: iso(now - last),
    }),
  );
}
