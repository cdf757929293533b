import { z } from 'zod';
import type { Finding, Severity } from '../../core/finding.ts';
import type { AlertView } from '../../core/views/alert.ts';
import { defineDetector, type Judgement, type Subject } from '../detector.ts';
import { describeCrowd } from '../explain/node.ts';
import { findingOfObject } from '../object-finding.ts';

const AlertParams = z.strictObject({
  /** Alerts that fire on purpose or only steer others. */
  ignore: z.array(z.string()).default(['Watchdog', 'InfoInhibitor', 'DeadMansSwitch']),
  /** An alert that Alertmanager no longer repeats is taken for gone. Longer than its `repeat_interval`. */
  forgetHours: z.number().positive().default(24),
});
type AlertParams = z.infer<typeof AlertParams>;

const hourMs = 3_600_000;

/** Alerts named one by one at most, for those who want to silence them. */
const mostNamed = 200;

/** Alerts of one name told apart in the cause at most. */
const mostTold = 5;

/** Alerts of the usual rules (kubernetes-mixin) that no other detector stands for, and what they call for. */
const steps: ReadonlyMap<string, string> = new Map([
  [
    'KubeletTooManyPods',
    'Move pods to other nodes (`{kube|} cordon {target|<node>}` keeps new ones away) or add a node; a higher maxPods of its kubelet needs enough addresses and memory.',
  ],
  [
    'CPUThrottlingHigh',
    'See whether it is slower for it (latency, timeouts): if so, raise or take away its CPU limit with `{kube|} resources {target|<workload>}`, or add replicas; if not, the alert may be silenced.',
  ],
  [
    'KubeQuotaFullyUsed',
    'Have the quota raised before something has to start, or ask for less (`kubectl -n {namespace|<namespace>} describe quota` shows what is full).',
  ],
  [
    'KubeQuotaExceeded',
    'Have the quota raised, or ask for less (`kubectl -n {namespace|<namespace>} describe quota` shows what is full): new pods are refused meanwhile.',
  ],
]);

/** What Alertmanager says of a subject; what it says repeatedly or of many pods of it is one finding for each name. */
export const alert = defineDetector({
  id: 'alert',
  judges: 'any',
  kinds: { alert: 'alert fires' },
  params: AlertParams,
  evaluate: evaluateAlerts,
});

function evaluateAlerts(subject: Subject, { ignore, forgetHours }: AlertParams): Judgement {
  const { view, now } = subject;
  const counted = view
    .alertsOf(subject.subject)
    .filter(({ name, severity }) => severity !== 'none' && !ignore.includes(name))
    .map((one) => ({ one, until: one.heardAt + forgetHours * hourMs }))
    .filter(({ until }) => until > now);
  if (counted.length === 0) return { findings: [] };
  const byName = Map.groupBy(
    counted.map(({ one }) => one),
    ({ name }) => name,
  );
  return {
    findings: [...byName].map(([name, alerts]) => describe(subject, name, alerts)),
    recheckAt: Math.min(...counted.map(({ until }) => until)),
  };
}

function describe({ subject, view }: Subject, name: string, unsorted: readonly AlertView[]): Finding {
  const alerts = unsorted.toSorted((a, b) => a.createdAt - b.createdAt || (a.uid < b.uid ? -1 : 1));
  const trouble = {
    detector: 'alert',
    kind: `alert/${name}`,
    title: `alert ${name} fires`,
    severity: worst(alerts),
    cause: [
      ...tell(alerts),
      ...(subject.kind === 'Node' ? describeCrowd(view, subject.name) : []),
      ...tellApart(alerts),
      ...runbooks(alerts),
    ],
    step: steps.get(name),
    impact: `Alertmanager says: ${countAlerts(alerts)}`,
    since: alerts[0]?.createdAt ?? 0,
  };
  const occurrences = alerts.reduce((sum, { repeats }) => sum + repeats, 0);
  return {
    ...findingOfObject(subject, trouble),
    occurrences,
    reportedBy: 'alertmanager',
    alerts: alerts.slice(0, mostNamed).map(({ uid }) => uid),
  };
}

function worst(alerts: readonly AlertView[]): Severity {
  const held = new Set(alerts.map(({ severity }) => severity));
  if (held.has('critical')) return 'critical';
  return held.has('warning') ? 'warning' : 'info';
}

/** The words of the rule's authors, each once. */
function tell(alerts: readonly AlertView[]): readonly string[] {
  const words = alerts.map(({ summary, description }) => description || summary).filter((text) => text !== '');
  const told = [...new Set(words.map((text) => text.replaceAll(/\s+/g, ' ').trim()))];
  if (told.length === 0) return ['Its rule has no description.'];
  const more = told.length > mostTold ? [`And ${told.length - mostTold} more.`] : [];
  return [...told.slice(0, mostTold), ...more];
}

function tellApart(alerts: readonly AlertView[]): readonly string[] {
  const labels = [...new Set(alerts.map((one) => one.labels))].filter((text) => text !== '');
  if (labels.length === 0) return [];
  const more = labels.length > mostTold ? ` and ${labels.length - mostTold} more` : '';
  return [`Labels: ${labels.slice(0, mostTold).join('; ')}${more}.`];
}

function runbooks(alerts: readonly AlertView[]): readonly string[] {
  const links = [...new Set(alerts.map(({ runbook }) => runbook).filter((link) => link !== undefined))];
  return links.slice(0, 1).map((link) => `Runbook: ${link}`);
}

function countAlerts(alerts: readonly AlertView[]): string {
  return alerts.length === 1 ? '1 alert' : `${alerts.length} alerts of this name`;
}
