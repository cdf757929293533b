import { z } from 'zod';
import { confidenceOf } from '../analysis/claims/confidence.ts';
import type { Offer } from '../analysis/claims/proposal.ts';
import { citableOf, findingsOf, objectsOf } from '../core/citable.ts';
import { cutMiddle } from '../core/cut.ts';
import type { Evidence } from '../core/evidence.ts';
import type { Incident } from '../core/incident.ts';
import { isJsonObject, readPath, readString } from '../core/json.ts';
import { redactStrings } from '../core/redact.ts';
import { type ResourceRef, refKey } from '../core/resource-ref.ts';

/** An action that may be offered, and for what. */
export interface ModelOffer extends Offer {
  readonly isAbout: (ref: ResourceRef) => boolean;
}

/** The most that a model is given: about 6,000 tokens of evidence, and no single piece that crowds the others out. Characters. */
const most = { evidence: 24_000, piece: 6_000 } as const;

/** How telling a piece is, the most telling first. */
const order = ['high', 'medium', 'low', 'outside'] as const;

/**
 * What a model is told of an incident, as JSON: facts, evidence, and the actions that it may propose. The same incident gives the same text. Nothing in it
 * can end a string, and what looks like the marks of a chat's turns is escaped.
 */
export function bundle(incident: Incident, catalogue: readonly ModelOffer[]): string {
  return writeData({
    ...describeIncident(incident, citableOf(incident)),
    actions: describeActions(incident, catalogue),
  });
}

export function describeIncident(incident: Incident, evidence: readonly Evidence[]) {
  const { subject, kind, severity, finding, related } = incident;
  return {
    incident: {
      about: refKey(subject),
      kind,
      severity,
      began: new Date(finding?.since ?? incident.openedAt).toISOString(),
      related: related
        .map((one) => `${one.finding.kind} of ${refKey(one.finding.subject)}: ${one.because}`)
        .slice(0, 6),
    },
    evidence: choose(evidence, findingsOf(incident)[0]?.since ?? incident.openedAt).map(describeEvidence),
  };
}

export function describeEvidence({ id, kind, source, text, at }: Evidence) {
  return { id, kind, source, ...(at === undefined ? {} : { at: new Date(at).toISOString() }), text };
}

/** The most telling first until there is enough; then in the order in which they are numbered. */
function choose(evidence: readonly Evidence[], since: number): readonly Evidence[] {
  const rank = (one: Evidence): number => order.indexOf(confidenceOf([one], since));
  const pieces = evidence.map((one) => ({ ...one, text: cutInside(one.text, most.piece) }));
  let room = most.evidence;
  const kept = new Set<string>();
  for (const { id, source, text } of pieces.toSorted((a, b) => rank(a) - rank(b))) {
    room -= source.length + text.length;
    if (room >= 0) kept.add(id);
  }
  return pieces.filter(({ id }) => kept.has(id));
}

/** How it began and, more of it, how it ended: the newest lines say most. */
export function cutInside(text: string, limit: number): string {
  return cutMiddle(text, limit, 0.25);
}

function describeActions(incident: Incident, catalogue: readonly ModelOffer[]) {
  const objects = objectsOf(incident);
  return catalogue.flatMap(({ id, title, params, isAbout }) => {
    const targets = objects.filter(isAbout).map(refKey);
    return targets.length === 0 ? [] : [{ id, title, targets, params: describeParams(params) }];
  });
}

/** Of each parameter besides the target: its name and what it means. */
function describeParams(params: z.ZodType) {
  const properties = readPath(z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' }), 'properties');
  const entries = isJsonObject(properties) ? Object.entries(properties) : [];
  return entries
    .filter(([name]) => name !== 'target')
    .map(([name, schema]) => ({ name, means: readString(schema, 'description') ?? '' }));
}

/** Marks that some servers take for their own, wherever they stand: `<|im_start|>`, `</tool>`, `[INST]`. */
const turns = /<(?=[|/!@a-zA-Z])|\[(?=\/?[A-Z]{3,}\])/g;

export function writeData(data: unknown): string {
  const text = JSON.stringify(redactStrings(data), null, 1);
  return text.replace(turns, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
