import { findingsOf, objectsOf } from '../../core/citable.ts';
import type { Evidence } from '../../core/evidence.ts';
import type { Confidence, Draft, Hypothesis, Sentence } from '../../core/explanation.ts';
import type { Incident } from '../../core/incident.ts';
import { confidenceOf, strongest } from './confidence.ts';
import { type Fault, invention } from './fault.ts';
import { bindProposal, type CheckedProposal, type Offer } from './proposal.ts';
import { findFault, type Grounds } from './sentence.ts';
import { supportOf } from './support.ts';

/** The most that is shown of each; what is more is dropped and counted. */
const most = { summary: 3, hypotheses: 3, proposals: 2, cited: 4 } as const;

export interface Basis {
  /** All that may be cited. */
  readonly evidence: readonly Evidence[];
  readonly incident: Incident;
  readonly catalogue: readonly Offer[];
}

export interface CheckedAnswer {
  readonly summary: readonly Sentence[];
  readonly hypotheses: readonly Hypothesis[];
  readonly proposals: readonly CheckedProposal[];
  readonly confidence: Confidence;
  /** How many sentences, hypotheses and proposals were taken out. */
  readonly dropped: number;
  /** Why, in a few words each, for the log. */
  readonly faults: readonly string[];
}

/** Keeps of a model's answer what stands in the evidence it cites. A sentence with one unsupported part goes as a whole. */
export function checkAnswer(draft: Draft, basis: Basis): CheckedAnswer {
  const offered = draft.proposals.map((one) => ({ ...one, text: one.reason }));
  const judged = {
    summary: judge(draft.summary, basis),
    hypotheses: judge(draft.hypotheses, basis),
    proposals: judge(offered, basis),
  };
  const found = [...judged.summary, ...judged.hypotheses, ...judged.proposals].map(({ fault }) => fault);
  const faults = found.flatMap((fault) => (fault === undefined ? [] : [fault.why]));
  if (!isBelieved(found)) return { ...nothing, dropped: found.length, faults: [...faults, 'too little of it stands'] };
  const keep = <T>(claims: readonly Judged<T>[], limit: number): T[] => {
    const sound = claims.flatMap(({ claim, fault }) => (fault === undefined ? [claim] : []));
    faults.push(...sound.slice(limit).map(() => 'one too many'));
    return sound.slice(0, limit);
  };
  const summary = keep(judged.summary, most.summary).map(sentenceOf);
  const hypotheses = keep(judged.hypotheses, most.hypotheses);
  const bound = keep(judged.proposals, most.proposals).map((one) => bindTo(one, basis));
  const proposals = bound.filter((one) => one !== undefined);
  faults.push(...bound.filter((one) => one === undefined).map(() => 'a proposal of what is not offered'));
  return {
    summary,
    hypotheses: hypotheses.map((one) => ({ ...sentenceOf(one), confirms: one.confirms, refutes: one.refutes })),
    proposals,
    confidence: draft.outside ? 'outside' : judgeConfidence(summary, basis),
    dropped: faults.length,
    faults,
  };
}

interface Judged<T> {
  readonly claim: T;
  /** Absent where it stands. */
  readonly fault: Fault | undefined;
}

function judge<T extends Claim>(claims: readonly T[], basis: Basis): readonly Judged<T>[] {
  const faults = findFaults(claims, basis);
  return claims.map((claim, index) => ({ claim, fault: faults[index] }));
}

const nothing = { summary: [], hypotheses: [], proposals: [], confidence: 'outside' } as const;

/** Fewer may be a slip of the pen. */
const fewestFaults = 2;

/**
 * Whether what stands of an answer is believed; `faults`: of each of its claims, undefined where it stands. The sense of plain words cannot be checked, so a
 * model that makes up half of what it says is not believed in the other half.
 */
export function isBelieved(faults: readonly (Fault | undefined)[]): boolean {
  const caught = faults.filter((fault) => fault?.kind === 'invention').length;
  return caught < fewestFaults || caught * 2 < faults.length;
}

/** Why each does not stand; undefined where it does. Who says the same twice says nothing the second time. */
export function findFaults(claims: readonly Claim[], basis: Omit<Basis, 'catalogue'>): readonly (Fault | undefined)[] {
  const texts = claims.map(({ text }) => text.trim().toLowerCase());
  return claims.map((claim, index) =>
    texts.indexOf(texts[index] ?? '') < index ? invention('the same again') : faultOf(claim, basis),
  );
}

/** A sentence, or a hypothesis with what would speak for it and against it. */
interface Claim {
  readonly text: string;
  readonly evidence: readonly string[];
  readonly confirms?: string;
  readonly refutes?: string;
}

/** Why a claim does not stand in what it cites; undefined where it does. */
export function faultOf(
  { text, evidence, confirms, refutes }: Claim,
  basis: Omit<Basis, 'catalogue'>,
): Fault | undefined {
  if (evidence.length === 0 || evidence.length > most.cited) return invention('nothing, or too much, is cited');
  const cited = citedBy(evidence, basis.evidence);
  if (cited.length < new Set(evidence).size) return invention('evidence that is not there');
  const { incident } = basis;
  const strength = strongest(cited, sinceOf(incident));
  if (strength === 'none') return invention('nothing but opinions');
  const support = supportOf(cited, incident.subject);
  const grounds: Grounds = { support, strength, supposed: confirms !== undefined, names: wordNames(incident) };
  const texts = [text, confirms, refutes].filter((one) => one !== undefined);
  return texts.map((one) => findFault(one, grounds)).find((fault) => fault !== undefined);
}

export function judgeConfidence(
  sentences: readonly Pick<Sentence, 'evidence'>[],
  { evidence, incident }: Omit<Basis, 'catalogue'>,
): Confidence {
  const cited = citedBy(
    sentences.flatMap((one) => one.evidence),
    evidence,
  );
  return confidenceOf(cited, sinceOf(incident));
}

/** Epoch milliseconds. */
function sinceOf({ finding, openedAt }: Incident): number {
  return finding?.since ?? openedAt;
}

function citedBy(ids: readonly string[], evidence: readonly Evidence[]): readonly Evidence[] {
  return evidence.filter(({ id }) => ids.includes(id));
}

function sentenceOf({ text, evidence }: Sentence): Sentence {
  return { text: text.replace(/\s+/g, ' ').trim(), evidence: [...new Set(evidence)] };
}

function bindTo(
  proposal: Draft['proposals'][number],
  { evidence, incident, catalogue }: Basis,
): CheckedProposal | undefined {
  const cited = citedBy(proposal.evidence, evidence);
  return bindProposal(proposal, { catalogue, objects: objectsOf(incident), cited, subject: incident.subject });
}

/** Names of other objects of this incident that read like words: `payments`. */
function wordNames(incident: Incident): ReadonlySet<string> {
  const refs = findingsOf(incident).flatMap(({ subject, about = [] }) => [subject, ...about]);
  const names = refs.flatMap(({ namespace, name }) => [namespace, name]);
  return new Set(names.filter((name) => /^[a-z]+$/.test(name)));
}
