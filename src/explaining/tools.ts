import { z } from 'zod';
import { findingsOf } from '../core/citable.ts';
import { describeError } from '../core/errors.ts';
import type { Evidence } from '../core/evidence.ts';
import type { Incident } from '../core/incident.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { EventStore } from '../core/ports/event-store.ts';
import type { ModelTool } from '../core/ports/language-model.ts';
import type { WorkloadLogs } from '../core/ports/workload-logs.ts';
import { redact } from '../core/redact.ts';
import { type ResourceRef, refKey, refName } from '../core/resource-ref.ts';
import { cutInside, describeEvidence, writeData } from './bundle.ts';

export interface ReadingContext {
  readonly logs: Pick<WorkloadLogs, 'read'>;
  readonly events: Pick<EventStore, 'read'>;
  readonly clock: Clock;
}

/** What a model may read: objects of the incident in namespaces that the asker may see. */
interface Desk {
  readonly incident: Incident;
  readonly may: (namespace: string) => boolean;
  readonly context: ReadingContext;
}

export interface Reading {
  readonly tools: readonly ModelTool[];
  /** What was read so far, as evidence T1, T2, … */
  readonly found: () => readonly Evidence[];
}

/** Bounds of one answer: lines and characters of one reading, readings altogether, and how far back, minutes. */
const most = { lines: 100, text: 6_000, readings: 8, minutes: 24 * 60 } as const;

const minutes = z.number().describe(`How far back, in minutes: 1 to ${most.minutes}.`);

/** Tools that only read, each bounded to the incident; what they return is citable. A refusal is a text. */
export function openReading(desk: Desk): Reading {
  const { incident, context } = desk;
  const objects = visibleObjects(desk);
  const known = `one of: ${objects.map(refKey).join(', ')}`;
  const findings = findingsOf(incident).map((finding, index) => ({ id: `F${index + 1}`, finding }));
  const found: Evidence[] = [];

  /** A tool about one object that `name` picks out of what may be seen. */
  const onObject = (name: string, read: (ref: ResourceRef) => Promise<Read>): Promise<string> => {
    const ref = objects.find((one) => refKey(one) === name.trim());
    return ref === undefined ? Promise.resolve(`That is not ${known}.`) : keep(() => read(ref));
  };

  async function keep(read: () => Promise<Read>): Promise<string> {
    if (found.length >= most.readings) return 'Nothing more can be read for this question; answer with what there is.';
    try {
      const evidence = { id: `T${found.length + 1}`, ...(await read()) };
      const bounded = { ...evidence, text: redact(cutInside(evidence.text, most.text)) };
      found.push(bounded);
      return writeData(describeEvidence(bounded));
    } catch (error) {
      return `It cannot be read: ${describeError(error)}`;
    }
  }

  const tools = [
    defineTool({
      name: 'read_logs',
      description: 'The newest log lines of an object of this incident.',
      params: z.object({
        object: z.string().describe(known),
        contains: z.string().nullable().describe('Only lines with this text; null for all.'),
        minutes,
      }),
      run: (asked) => onObject(asked.object, (ref) => readLogs(ref, asked, context)),
    }),
    defineTool({
      name: 'read_events',
      description: 'What Kubernetes said about an object of this incident and its pods.',
      params: z.object({ object: z.string().describe(known), minutes }),
      run: (asked) => onObject(asked.object, (ref) => readEvents(ref, asked.minutes, context)),
    }),
    defineTool({
      name: 'describe_finding',
      description: 'All that the rules know about a finding.',
      params: z.object({ id: z.string().describe('F1, F2, …') }),
      run: async ({ id }) => {
        const one = findings.find((known) => known.id === id && desk.may(known.finding.subject.namespace))?.finding;
        if (one === undefined) return 'There is no such finding.';
        const { detector: _detector, alerts: _alerts, ...facts } = one;
        const text = JSON.stringify({ ...facts, since: new Date(facts.since).toISOString() }, null, 1);
        return keep(async () => ({ kind: 'status', source: `finding ${one.kind} of ${refKey(one.subject)}`, text }));
      },
    }),
  ];
  return { tools, found: () => found };
}

type Read = Pick<Evidence, 'kind' | 'source' | 'text'>;

/** Parameters are read by the tool's own schema, whatever a model sends. */
function defineTool<P>(
  tool: Omit<ModelTool, 'params' | 'run'> & { params: z.ZodType<P>; run: (params: P) => Promise<string> },
): ModelTool {
  return {
    ...tool,
    run: async (params) => {
      const parsed = tool.params.safeParse(params);
      return parsed.success ? tool.run(parsed.data) : `The parameters do not fit: ${z.prettifyError(parsed.error)}`;
    },
  };
}

function visibleObjects({ incident, may }: Desk): readonly ResourceRef[] {
  const subjects = findingsOf(incident).map(({ subject }) => subject);
  const objects = [incident.subject, ...subjects].filter(({ namespace }) => may(namespace));
  return [...new Map(objects.map((ref) => [refKey(ref), ref])).values()];
}

/** Milliseconds. */
function backOf(asked: number): number {
  return Math.min(Math.max(asked, 1), most.minutes) * 60_000;
}

async function readLogs(
  ref: ResourceRef,
  asked: { readonly contains: string | null; readonly minutes: number },
  { logs }: ReadingContext,
): Promise<Read> {
  const contains = asked.contains === null || asked.contains === '' ? {} : { contains: asked.contains };
  const { lines } = await logs.read(ref, { backMs: backOf(asked.minutes), previous: false, ...contains });
  const text = lines
    .slice(-most.lines)
    .map((line) => `${new Date(line.at).toISOString()} ${line.pod}: ${line.text}`)
    .join('\n');
  return { kind: 'log', source: `logs of ${refName(ref)}`, text: text === '' ? 'No line was found.' : text };
}

async function readEvents(ref: ResourceRef, back: number, { events, clock }: ReadingContext): Promise<Read> {
  const all = await events.read(clock.now() - backOf(back));
  const isOf = (one: { readonly kind: string; readonly name: string }): boolean =>
    one.kind === ref.kind && one.name === ref.name;
  const mine = all.filter((one) => one.namespace === ref.namespace && (isOf(one) || isOf(one.owner)));
  const lines = mine
    .slice(0, most.lines)
    .map(
      (one) => `${new Date(one.at).toISOString()} ${one.kind} ${one.name}: ${one.reason} (${one.times}x): ${one.note}`,
    );
  const text = lines.length === 0 ? 'No Event was found.' : lines.join('\n');
  return { kind: 'event', source: `Events of ${refName(ref)}`, text };
}
