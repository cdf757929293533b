import { findInjections } from './analysis/claims/injection.ts';
import { findRoots } from './analysis/correlation/correlate.ts';
import { wouldKnow } from './analysis/coverage.ts';
import type { Judgement } from './analysis/detector.ts';
import { explainFinding } from './analysis/explain/finding-words.ts';
import { judgeRevision } from './analysis/revision-health.ts';
import { citableOf } from './core/citable.ts';
import { describeError } from './core/errors.ts';
import type { Evidence } from './core/evidence.ts';
import { type Finding, findingKey, type Severity } from './core/finding.ts';
import { holdingFindings, type Incident } from './core/incident.ts';
import { createKeyedQueue, type KeyedQueue } from './core/keyed-queue.ts';
import type { PodLogs } from './core/ports/pod-logs.ts';
import { type ResourceRef, refKey } from './core/resource-ref.ts';
import type { Signal } from './core/signal.ts';
import type { ClusterView } from './core/view.ts';
import { wantsEvidence } from './incidents/gathering.ts';
import type { IncidentRegistry, Surroundings } from './incidents/registry.ts';
import { expireProposals } from './ops/approve.ts';
import type { OpsContext } from './ops/context.ts';
import { climbLadder } from './ops/remedy-ladder.ts';

/** The view as the pipeline feeds it. */
interface FedView extends ClusterView {
  apply(signal: Signal): readonly ResourceRef[];
  subjects(): readonly ResourceRef[];
  /** `awaited`: what stands between these pods and their workload has not been seen yet. `above`: it has, so they are judged there. */
  placeOf(subject: ResourceRef): 'own' | 'above' | 'awaited';
}

interface Found {
  readonly finding: Finding;
  readonly lines: readonly string[];
  readonly view: ClusterView;
}

export interface PipelineContext {
  readonly view: FedView;
  /** What all detectors say of a subject now. */
  readonly evaluate: (subject: ResourceRef, view: ClusterView) => Judgement;
  readonly registry: IncidentRegistry;
  readonly ops: OpsContext;
  readonly logs: PodLogs;
  /** What people type, with its slash: `/kube`. */
  readonly commandName: string;
  /** The facts behind a finding; never fails. */
  readonly gather: (found: Found) => Promise<readonly Evidence[]>;
  /** How bad it is here, where the detector only knows how bad such a thing is. */
  readonly weigh: (finding: Finding) => Severity;
  /** True once the view is complete enough to judge; before that, silence means nothing. */
  readonly ready: () => boolean;
  /** Ends all judging; the view may be stale from then on. */
  readonly signal: AbortSignal;
  /** Told of each finding that opened or changed an incident, for metrics. */
  readonly onFinding?: (finding: Finding) => void;
}

export interface Pipeline {
  accept(signal: Signal): void;
  /** Looks again at what is open: called now and then, for what only time changes. */
  sweep(): Promise<void>;
  idle(): Promise<void>;
}

/** Subjects judged at once. */
const concurrency = 8;
const logTail = 20;
const retryMs = 2_000;

/** How often every subject is looked at again, for what no change of its own announces, milliseconds. */
const resyncMs = 60_000;

/** Pods whose ReplicaSet or Job does not come are judged by themselves after this long, milliseconds: more than a watch ever pauses. */
const placingMs = 45_000;

/** A request whose proposal never came (the process ended in between) is closed after this long, milliseconds. */
const abandonedMs = 60_000;

interface State extends PipelineContext {
  readonly queue: KeyedQueue<ResourceRef>;
  /** Subject -> cancels its next look. */
  readonly timers: Map<string, () => void>;
  /** Subject -> when it is judged although it is not known where its pods belong. */
  readonly awaited: Map<string, number>;
  /** Subject and kind -> the log that was read for so many crashes. */
  readonly logsRead: Map<string, { readonly occurrences: number; readonly log: readonly string[] }>;
  /** Subjects with an open incident; read from the record at the start and at every sweep. */
  readonly open: Set<string>;
}

/**
 * The story: a signal changes the view; the subjects it touches are judged; findings open, change or clear incidents; incidents are explained,
 * and their remedies proposed. Each step asks for the report itself, so people see what happened even when the next step fails.
 */
export function createPipeline(context: PipelineContext): Pipeline {
  const queue = createKeyedQueue<ResourceRef>(concurrency, (subject) => attempt(subject, state));
  const state: State = {
    ...context,
    queue,
    timers: new Map(),
    awaited: new Map(),
    logsRead: new Map(),
    open: new Set(),
  };
  let started = false;
  let resyncAt = 0;

  /** Everything is looked at once the view is complete; what is open in the record may have ended meanwhile. */
  function start(): Promise<void> {
    started = true;
    resync();
    return sweep(state);
  }

  function resync(): void {
    resyncAt = context.ops.clock.now() + resyncMs;
    for (const subject of context.view.subjects()) look(subject, state);
  }

  return {
    accept(signal) {
      const touched = context.view.apply(signal);
      if (!context.ready()) return;
      if (started) for (const subject of touched) look(subject, state);
      else void start();
    },
    async sweep() {
      if (!context.ready()) return;
      if (!started) return start();
      if (context.ops.clock.now() >= resyncAt) resync();
      await sweep(state);
    },
    idle: () => queue.idle(),
  };
}

function look(subject: ResourceRef, { queue, signal }: State): void {
  if (!signal.aborted) queue.add(refKey(subject), subject);
}

/** Replaces the subject's next look. */
function lookAt(subject: ResourceRef, at: number | undefined, state: State): void {
  const key = refKey(subject);
  state.timers.get(key)?.();
  state.timers.delete(key);
  if (at === undefined) return;
  const cancel = state.ops.clock.schedule(at, () => {
    state.timers.delete(key);
    look(subject, state);
  });
  state.timers.set(key, cancel);
}

async function attempt(subject: ResourceRef, state: State): Promise<void> {
  if (state.signal.aborted) return;
  try {
    await judge(subject, state);
  } catch (error) {
    const { log, clock } = state.ops;
    log.warn('a subject could not be judged and will be looked at again', {
      subject: refKey(subject),
      problem: describeError(error),
    });
    lookAt(subject, clock.now() + retryMs, state);
  }
}

async function judge(subject: ResourceRef, state: State): Promise<void> {
  const judgeAt = awaitPlace(subject, state);
  if (judgeAt !== undefined) {
    lookAt(subject, judgeAt, state);
    return;
  }
  const { findings, recheckAt } = judgeOf(subject, state);
  const times = [recheckAt];
  for (const finding of findings) times.push(await report(finding, state));
  if (findings.length === 0) times.push(await noteHealth(subject, state));
  lookAt(subject, earliest(times), state);
  if (state.open.has(refKey(subject))) await clearOthers(subject, findings, state);
}

/** What belongs to something above has nothing of its own. */
function judgeOf(subject: ResourceRef, { view, evaluate }: State): Judgement {
  if (view.placeOf(subject) === 'above') return { findings: [] };
  return evaluate(subject, view);
}

/** Streams of different kinds come back at different times. Until when a subject is left alone; undefined: it can be judged. */
function awaitPlace(subject: ResourceRef, { view, awaited, ops }: State): number | undefined {
  const key = refKey(subject);
  if (view.placeOf(subject) !== 'awaited') {
    awaited.delete(key);
    return undefined;
  }
  const judgeAt = awaited.get(key) ?? ops.clock.now() + placingMs;
  awaited.set(key, judgeAt);
  return ops.clock.now() < judgeAt ? judgeAt : undefined;
}

/** Opens or updates the incident of a finding, explains it, and takes its remedy one step on. */
async function report(bare: Finding, state: State): Promise<number | undefined> {
  const { registry, ops } = state;
  const log = await readLog(bare, state);
  const finding = explainFinding({ ...bare, severity: state.weigh(bare) }, log, state.commandName);
  const incident = await registry.observe(finding, surroundingsOf(state.view));
  state.open.add(refKey(finding.subject));
  state.onFinding?.(finding);
  await collect(incident, { finding, lines: log, view: state.view }, state);
  if (finding.release !== undefined && finding.subject.uid !== undefined) {
    await ops.health.mark({ workloadUid: finding.subject.uid, revision: finding.release.toRevision, health: 'bad' });
  }
  const newest = await ops.incidents.get(incident.id);
  return newest === undefined || newest.attention.dismissed !== undefined ? undefined : climbLadder(newest, ops);
}

/** Collects the facts once for each cause, and what in them, or in what was found, tries to give instructions; the latter as often as something joins. */
async function collect(incident: Incident, found: Found, { gather, registry }: State): Promise<void> {
  const inspect = (present: Incident) => findInjections(citableOf(present));
  if (wantsEvidence(incident, found.finding))
    await registry.gathered(incident.id, found.finding, { evidence: await gather(found), inspect });
  else await registry.heed(incident, inspect({ ...incident, evidence: [] }));
}

function surroundingsOf(view: ClusterView): Surroundings {
  return {
    correlate: (findings) => findRoots(findings, view),
    labelsOf: (subject) => ({
      ...view.find('namespace', '', subject.namespace ?? '')?.labels,
      ...view.workload(subject)?.template.labels,
    }),
  };
}

/** Reads the log once for each crash, not once for each look. A log that cannot be read does not hold up the report. */
async function readLog(finding: Finding, { logs, logsRead }: State): Promise<readonly string[]> {
  const { exemplar, subject, occurrences } = finding;
  const key = findingKey(finding);
  const known = logsRead.get(key);
  if (exemplar === undefined || known?.occurrences === occurrences) return known?.log ?? [];
  const log = await logs.read({ ...exemplar, namespace: subject.namespace, tail: logTail }).catch(() => []);
  logsRead.set(key, { occurrences, log });
  return log;
}

/** Clears what is on record about the subject and no longer holds; only where the view would know. */
async function clearOthers(subject: ResourceRef, findings: readonly Finding[], state: State): Promise<void> {
  const held = new Set(findings.map(findingKey));
  for (const incident of await state.registry.open()) {
    const mine = holdingFindings(incident).filter((finding) => refKey(finding.subject) === refKey(subject));
    for (const finding of mine.filter((one) => !held.has(findingKey(one)) && wouldKnow(one, state.view))) {
      await state.registry.clear(incident.id, findingKey(finding));
      state.logsRead.delete(findingKey(finding));
    }
  }
}

/** Remembers a revision that has proven itself, for the day somebody needs to go back to it. */
async function noteHealth(subject: ResourceRef, { view, ops }: State): Promise<number | undefined> {
  const judged = judgeRevision(view, subject, ops.policy.verification.stableForMs);
  if (judged === undefined || ops.clock.now() < judged.healthyAt) return judged?.healthyAt;
  await ops.health.mark({ workloadUid: judged.workloadUid, revision: judged.revision, health: 'healthy' });
  return undefined;
}

async function sweep(state: State): Promise<void> {
  const { registry, ops, signal } = state;
  if (signal.aborted) return;
  try {
    await registry.regroup(surroundingsOf(state.view));
    const open = await registry.open();
    state.open.clear();
    for (const { subject } of open.flatMap(holdingFindings)) state.open.add(refKey(subject));
    for (const incident of open) await follow(incident, state);
  } catch (error) {
    ops.log.warn('the open incidents could not be looked at', { problem: describeError(error) });
  }
}

async function follow(incident: Incident, state: State): Promise<void> {
  if (incident.finding === undefined) await closeRequest(incident, state);
  else for (const { subject } of holdingFindings(incident)) look(subject, state);
  const after = await state.registry.settle(incident.id);
  if (after?.state === 'resolved') await expireProposals(after.proposalIds, 'the trouble is gone.', state.ops);
}

/** A requested change is over when none of its proposals waits or runs. */
async function closeRequest(incident: Incident, { ops, registry }: State): Promise<void> {
  await expireProposals(incident.proposalIds, undefined, ops);
  const proposals = await Promise.all(incident.proposalIds.map((id) => ops.proposals.get(id)));
  const active = proposals.some((one) => one?.state === 'awaiting-approval' || one?.state === 'approved');
  const begun = incident.proposalIds.length > 0 || ops.clock.now() - incident.openedAt > abandonedMs;
  if (!active && !incident.executing && begun) await registry.clear(incident.id, '');
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((at) => at !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
