import { readArray, readPath, readString } from '../../src/core/json.ts';
import { annotationsOf, type Fields, fieldsIn } from './objects.ts';

/** What a container does, in milliseconds from its start. Undefined: never. */
export interface Behavior {
  readonly crashAfterMs: number | undefined;
  readonly exitCode: number;
  /** Lines before the exit, as they are. */
  readonly crashLines: readonly string[];
  /** A line that the program writes before its exit, behind time and level. */
  readonly crashText: string | undefined;
  readonly oomAfterMs: number | undefined;
  readonly readyAfterMs: number;
  readonly notReadyAfterMs: number | undefined;
  readonly version: string;
  readonly logEveryMs: number | undefined;
}

const prefix = 'sim.lifeguard.dev/';

/** From the environment, as the test program takes it, and from annotations of the pod, which are about its first container. */
export function behaviorOf(pod: Fields, container: Fields): Behavior {
  const env = environmentOf(container);
  const isFirst = readString(readArray(pod, 'spec', 'containers')[0], 'name') === container['name'];
  const notes = isFirst ? annotationsOf(pod) : {};
  const hasProbe = readPath(container, 'readinessProbe') !== undefined;
  return {
    ...readinessOf(env, notes, hasProbe),
    crashAfterMs: duration(notes[`${prefix}crash-after`]) ?? seconds(env['CRASH_AFTER_S']),
    exitCode: Number(notes[`${prefix}exit-code`] ?? env['EXIT_CODE'] ?? 1),
    crashLines: (notes[`${prefix}crash-log`] ?? '').split('\n').filter((line) => line !== ''),
    crashText: env['CRASH_LOG'],
    oomAfterMs: duration(notes[`${prefix}oom-after`]) ?? leakMs(container, env['LEAK_MB_PER_S']),
    version: env['VERSION'] ?? tagOf(readString(container, 'image') ?? ''),
    logEveryMs: positive(env['LOG_EVERY_MS']),
  };
}

function tagOf(image: string): string {
  return /:([\w.-]+)$/.exec(image)?.[1] ?? 'latest';
}

type Texts = Readonly<Record<string, string>>;

/** Only a probe notices that a program is slow or sick; the annotation works without one. */
function readinessOf(env: Texts, notes: Texts, hasProbe: boolean): Pick<Behavior, 'readyAfterMs' | 'notReadyAfterMs'> {
  const annotated = duration(notes[`${prefix}not-ready-after`]);
  if (!hasProbe) return { readyAfterMs: 0, notReadyAfterMs: annotated };
  return {
    readyAfterMs: seconds(env['START_DELAY_S']) ?? 0,
    notReadyAfterMs: annotated ?? seconds(env['UNREADY_AFTER_S']),
  };
}

/** Milliseconds after which the first init container fails; undefined: it succeeds. */
export function initCrashOf(pod: Fields): number | undefined {
  return duration(annotationsOf(pod)[`${prefix}init-crash-after`]);
}

/** The pod is only there to be counted: no kubelet runs it. */
export function isStill(pod: Fields): boolean {
  return annotationsOf(pod)[`${prefix}still`] === 'true';
}

/** A node whose kubelet is not heard from. */
export function isDown(node: Fields): boolean {
  return annotationsOf(node)[`${prefix}down`] === 'true';
}

export const stillAnnotation = `${prefix}still`;

function environmentOf(container: Fields): Readonly<Record<string, string>> {
  const entries = fieldsIn(readArray(container, 'env')).flatMap((entry) => {
    const { name, value } = entry;
    return typeof name === 'string' && typeof value === 'string' && value !== '' ? [[name, value] as const] : [];
  });
  return Object.fromEntries(entries);
}

function seconds(text: string | undefined): number | undefined {
  const value = positive(text);
  return value === undefined ? undefined : value * 1000;
}

function positive(text: string | undefined): number | undefined {
  const value = Number(text ?? 0);
  return value > 0 ? value : undefined;
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** `500ms`, `2s`, `1.5m`. */
function duration(text: string | undefined): number | undefined {
  const [, value, unit] = /^([\d.]+)(ms|s|m|h)$/.exec(text ?? '') ?? [];
  return value === undefined ? undefined : Number(value) * (units[unit ?? 's'] ?? 1);
}

/** How long until the leak reaches the memory limit. */
function leakMs(container: Fields, leak: string | undefined): number | undefined {
  const perSecond = positive(leak);
  const limit = bytesOf(readString(container, 'resources', 'limits', 'memory'));
  if (perSecond === undefined || limit === undefined) return undefined;
  return (limit / (perSecond * 1024 * 1024)) * 1000;
}

const sizes: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
};

function bytesOf(quantity: string | undefined): number | undefined {
  const [, value, unit] = /^(\d+(?:\.\d+)?)([kMG]i?|Ki)?$/.exec(quantity ?? '') ?? [];
  return value === undefined ? undefined : Number(value) * (sizes[unit ?? ''] ?? 1);
}
