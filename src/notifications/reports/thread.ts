import type { Execution } from '../../core/execution.ts';
import { isFinished } from '../../core/execution.ts';
import type { Incident } from '../../core/incident.ts';
import type { Proposal } from '../../core/proposal.ts';
import { message, section } from '../blocks/blocks.ts';
import { renderEvidence } from './evidence.ts';
import { describeResult, describeSteps } from './execution.ts';
import { renderExplanation } from './explanation.ts';
import { renderProposal } from './proposal.ts';
import { executionOf, type Snapshot, waitingProposals } from './snapshot.ts';
import { type DatedEntry, describeTurns, type ThreadEntry } from './turns.ts';
import { adviceOf } from './words.ts';

/** Of the message with a model's words. */
export const explanationKey = 'explanation';

/** The thread in the order it is posted: evidence, then each proposal with its run and result, and the turns of the story between. */
export function renderThread(snapshot: Snapshot): readonly ThreadEntry[] {
  const { incident, proposals, mention } = snapshot;
  const { inThread } = waitingProposals(snapshot);
  const dated = [
    ...evidenceEntry(incident),
    ...explanationEntry(snapshot),
    ...proposals.map((proposal) => ({
      at: proposal.createdAt,
      key: `proposal-${proposal.id}`,
      message: renderProposal(proposal, { mention: mention?.(proposal), asks: inThread.includes(proposal) }),
    })),
    ...proposals.flatMap((proposal) => runEntries({ incident, proposal, execution: executionOf(snapshot, proposal) })),
    ...describeTurns(snapshot),
  ];
  return dated.toSorted((a, b) => a.at - b.at).map(({ key, message: content }) => ({ key, message: content }));
}

/** Evidence is collected within seconds; where there is none, what to do next is told once people are on their own. */
function evidenceEntry(incident: Incident): DatedEntry[] {
  const alone = incident.escalated && adviceOf(incident).length > 0;
  const told = incident.evidence.length + (incident.injections ?? []).length > 0;
  if (!told && !alone) return [];
  return [{ at: incident.openedAt, key: 'evidence', message: renderEvidence(incident) }];
}

/** One message, whatever the model says later; one that was taken back says so. */
function explanationEntry({ incident, explained }: Snapshot): DatedEntry[] {
  if (incident.explanation === undefined && explained !== true) return [];
  return [{ at: incident.openedAt + 1, key: explanationKey, message: renderExplanation(incident) }];
}

interface Run {
  readonly incident: Incident;
  readonly proposal: Proposal;
  readonly execution: Execution | undefined;
}

/** The steps while they are taken, and a new message with the result, so that people are told of it. */
function runEntries({ incident, proposal, execution }: Run): DatedEntry[] {
  if (execution === undefined) return [];
  const steps = describeSteps(execution);
  const run = {
    at: execution.startedAt + 1,
    key: `execution-${execution.id}`,
    message: message(steps.plain, [section(steps.rich)]),
  };
  if (!isFinished(execution)) return [run];
  const result = describeResult({ incident, proposal, execution });
  const at = (execution.finishedAt ?? execution.startedAt) + 2;
  return [run, { at, key: `result-${execution.id}`, message: message(result.plain, [section(result.rich)]) }];
}
