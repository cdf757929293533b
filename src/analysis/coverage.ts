import type { Finding } from '../core/finding.ts';
import type { ClusterView } from '../core/view.ts';
import { isPartlyUnheard, logsOf } from './explain/patterns.ts';

/** True where the silence of the view means that the finding no longer holds. */
export function wouldKnow(finding: Finding, view: ClusterView): boolean {
  if (finding.reportedBy !== undefined) return view.knows('alert', '');
  return view.covers(finding.subject) && wouldHear(finding, view);
}

/** What is no longer found in logs may go on before they are read, and while some cannot be. True of findings that rest on something else. */
function wouldHear({ detector, subject }: Finding, view: ClusterView): boolean {
  if (!detector.startsWith('log-')) return true;
  const logs = logsOf({ subject, view });
  return logs !== undefined && !isPartlyUnheard(logs);
}
