import type { Incident, TimelineEntry } from '../core/incident.ts';

/** Timeline entries kept. The oldest after the opening go first, but the first of several of one kind in a row stays: they are told in one message that goes by it. */
const timelineLimit = 200;

/** An entry that only repeats the last one (a step that ran twice) is not written again. */
export function append<T extends Pick<Incident, 'timeline'>>(incident: T, entry: TimelineEntry): T {
  const last = incident.timeline.at(-1);
  if (last?.kind === entry.kind && last.text === entry.text && last.askedAgainAt === entry.askedAgainAt)
    return incident;
  const timeline = [...incident.timeline, entry];
  if (timeline.length <= timelineLimit) return { ...incident, timeline };
  const repeated = timeline.findIndex(({ kind }, index) => index > 1 && kind === timeline[index - 1]?.kind);
  return { ...incident, timeline: timeline.toSpliced(repeated === -1 ? 1 : repeated, 1) };
}

export function stamp<T extends Pick<Incident, 'updatedAt' | 'version'>>(incident: T, now: number): T {
  return { ...incident, updatedAt: now, version: incident.version + 1 };
}
