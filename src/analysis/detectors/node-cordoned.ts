import { z } from 'zod';
import type { ClusterView } from '../../core/view.ts';
import { defineDetector, type Judgement, type Subject } from '../detector.ts';
import { countTenants, listRefs, movableTenants } from '../explain/node.ts';
import { judgeTroubles } from '../object-finding.ts';

const NodeCordonedParams = z.strictObject({
  /** Maintenance is over by then; a node that is still cordoned was probably forgotten. */
  forHours: z.number().nonnegative().default(4),
});
type NodeCordonedParams = z.infer<typeof NodeCordonedParams>;

const titles = { 'node-cordoned': 'node has been cordoned for long' } as const;

const hourMs = 3_600_000;

/** A node on which nothing may start, for so long that somebody may have forgotten it. When it was cordoned must be known. */
export const nodeCordoned = defineDetector({
  id: 'node-cordoned',
  judges: ['Node'],
  kinds: titles,
  params: NodeCordonedParams,
  evaluate: evaluateCordon,
});

function evaluateCordon(subject: Subject, { forHours }: NodeCordonedParams): Judgement {
  const { view } = subject;
  const node = view.find('node', '', subject.subject.name);
  if (node?.cordonedAt === undefined || !node.unschedulable) return { findings: [] };
  if (node.deletion !== undefined || node.removal !== undefined) return { findings: [] };
  const left = movableTenants(view, node.name);
  const waiting = countWaiting(view);
  const trouble = {
    detector: 'node-cordoned',
    kind: 'node-cordoned',
    title: titles['node-cordoned'],
    severity: waiting === 0 ? 'info' : 'warning',
    cause: [
      `No new pod has been let in since ${new Date(node.cordonedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC.`,
      left.pods.length === 0
        ? 'It is drained: only pods of DaemonSets and static pods are left.'
        : `It was not drained: ${countTenants(left)} run there still (${listRefs(left.owners)}).`,
      ...(waiting === 0 ? [] : [`Pods that find no node at the moment: ${waiting}.`]),
    ],
    impact: waiting === 0 ? 'its capacity is not used' : 'its capacity is not used while pods wait for a node',
    since: node.cordonedAt,
    from: node.cordonedAt + forHours * hourMs,
  } as const;
  return judgeTroubles(subject, node, [trouble]);
}

function countWaiting(view: ClusterView): number {
  return [...view.all('pod')].filter((pod) => pod.unscheduled?.reason === 'Unschedulable' && pod.deletion === undefined)
    .length;
}
