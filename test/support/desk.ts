import type { Button } from '@slack/types';
import { onTestFinished } from 'vitest';
import type { LocalSlack } from '../../demo/slack/local-slack.ts';
import { findInjections } from '../../src/analysis/claims/injection.ts';
import { type Bot, startBot } from '../../src/bot/start.ts';
import { checkSlackAccess } from '../../src/bot/tokens.ts';
import { createFeedbackMeter, createVoteMeter } from '../../src/composition/feedback-meter.ts';
import type { Execution } from '../../src/core/execution.ts';
import type { Finding } from '../../src/core/finding.ts';
import type { Form } from '../../src/core/form.ts';
import type { Incident } from '../../src/core/incident.ts';
import type { Policy } from '../../src/core/policy.ts';
import type { Clock } from '../../src/core/ports/clock.ts';
import type { People } from '../../src/core/ports/people.ts';
import type { Receipts } from '../../src/core/ports/receipts.ts';
import type { Proposal } from '../../src/core/proposal.ts';
import { refName, type WorkloadRef } from '../../src/core/resource-ref.ts';
import type { DeskContext } from '../../src/handlers/context.ts';
import { createDesk, type Desk } from '../../src/handlers/desk.ts';
import { createIncidentRegistry } from '../../src/incidents/registry.ts';
import { expireProposals } from '../../src/ops/approve.ts';
import { createAttach } from '../../src/platform/slack/files.ts';
import { createPeople } from '../../src/platform/slack/people.ts';
import { systemClock } from '../../src/platform/system/clock.ts';
import { createTelemetry } from '../../src/platform/telemetry/metrics.ts';
import { createClusterView } from '../../src/signals/cluster-view.ts';
import { openClient } from './bolt-app.ts';
import { createFakeAlertBoard } from './fakes/alert-board.ts';
import { createFakeAlertmanager } from './fakes/alertmanager.ts';
import { createFakeAnswering } from './fakes/answering.ts';
import { createFakeAudit } from './fakes/audit.ts';
import { createFakeChannel } from './fakes/channel.ts';
import { createFakeConfigHistory } from './fakes/config-history.ts';
import { createFakeControls } from './fakes/controls.ts';
import { createFakeEventStore } from './fakes/event-store.ts';
import { createFakeIncidentIndex } from './fakes/incident-index.ts';
import { createFakeLedger, createFakeRevisionHealth } from './fakes/ledger.ts';
import { createFakeMaintenanceBoard } from './fakes/maintenance-board.ts';
import { createFakeMessageLedger } from './fakes/message-ledger.ts';
import { createFakeObjects } from './fakes/objects.ts';
import { createFakeReceipts } from './fakes/receipts.ts';
import { createFakeRecords } from './fakes/records.ts';
import { createFakeStatusBoard } from './fakes/status-board.ts';
import { createFakeWorkloadLogs } from './fakes/workload-logs.ts';
import { createFakeWorkloads } from './fakes/workloads.ts';

const policy: Policy = {
  autonomy: 'suggest',
  rules: [],
  protectedNamespaces: ['kube-system'],
  maxAutoRisk: 'low',
  approvalExpiresMs: 30 * 60_000,
  approval: { byRequester: true, twoPersons: { namespaces: [], risks: [] } },
  attempts: { max: 3, daily: 6, backoffMs: 60_000, windowMs: 60 * 60_000 },
  budget: { cluster: 10, namespace: 3, windowMs: 60 * 60_000 },
  bounds: { replicas: 10, cpu: 4, memory: 2 ** 32, memoryRaises: 2, storage: 2 ** 40, nodesOut: 0.34 },
  storm: { incidents: 10 },
  verification: { stableForMs: 1_000, deadlineMs: 5_000, everyMs: 100, traffic: { tolerance: 0.2 } },
};

const quietLog = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  // Tests look at what people see.
}

/** A desk over memory: a cluster with `shop/checkout` in two revisions, `pay/checkout` and `shop/cart`. Everything can be looked into. */
export function createDeskWorld(overrides: { readonly clock?: Clock; readonly policy?: Partial<Policy> } = {}) {
  const clock = overrides.clock ?? systemClock;
  const objects = createFakeObjects();
  const workloads = createFakeWorkloads({ now: () => clock.now() });
  const put = (ref: WorkloadRef, images: readonly string[]) =>
    workloads.put({ ref, templates: images.map(templateOf), replicas: 3 });
  const checkout = put({ kind: 'Deployment', namespace: 'shop', name: 'checkout' }, ['shop:1.0.0', 'shop:1.0.1']);
  const refs = [
    checkout,
    put({ kind: 'Deployment', namespace: 'pay', name: 'till' }, ['till:1']),
    put({ kind: 'StatefulSet', namespace: 'shop', name: 'till' }, ['till:2']),
    put({ kind: 'Deployment', namespace: 'kube-system', name: 'dns' }, ['dns:1', 'dns:2']),
  ];
  const findings = new Map<string, Finding>();
  const incidents = createFakeRecords<Incident>();
  const audit = createFakeAudit();
  const controls = createFakeControls();
  const executed: string[] = [];
  const telemetry = createTelemetry();
  const events = createFakeEventStore();
  const logs = createFakeWorkloadLogs();
  const answering = createFakeAnswering();
  const configHistory = createFakeConfigHistory();
  const deliveries = createFakeMessageLedger(clock);
  const alertmanager = createFakeAlertmanager(clock);
  const alerts = createFakeAlertBoard();
  const index = createFakeIncidentIndex();
  let ids = 0;
  const identifiers = { next: (length: number) => `${(ids += 1)}`.padStart(length, 'a') };
  const explained: string[] = [];
  const queue = {
    execute: async (id: string) => void executed.push(id),
    explain: async (id: string) => void explained.push(id),
    report: async () => undefined,
  };
  const registry = createIncidentRegistry({
    routing: { channel: 'C_OPS', routes: [], maintenance: [] },
    escalations: {},
    maintenance: { all: async () => [] },
    cluster: 'demo',
    log: quietLog,
    incidents,
    index,
    queue,
    clock,
    identifiers,
    retract: ({ proposalIds }, because) => expireProposals(proposalIds, because, ops),
  });
  const ops: DeskContext['ops'] = {
    clock,
    policy: { ...policy, ...overrides.policy },
    workloads,
    objects,
    observer: {
      observe: async () => createClusterView(),
      find: async (words) =>
        refs.filter((ref) => [ref.name, refName(ref), `${ref.kind.toLowerCase()}/${refName(ref)}`].includes(words)),
    },
    detect: (ref) => [findings.get(refName(ref))].filter((finding) => finding !== undefined),
    configHistory,
    alertmanager,
    alerts,
    health: createFakeRevisionHealth(),
    identifiers,
    proposals: createFakeRecords<Proposal>(),
    executions: createFakeRecords<Execution>(),
    incidents: { get: (id) => incidents.get(id), countOpen: async () => (await registry.open()).length },
    freezeAt: () => undefined,
    journal: registry,
    controls,
    ledger: createFakeLedger(),
    audit,
    queue,
    log: quietLog,
  };
  const context: Omit<DeskContext, 'people' | 'workspace'> = {
    ops,
    registry,
    incidents,
    deliveries,
    forms: createFakeRecords<Form>(),
    statusBoard: createFakeStatusBoard(clock),
    maintenance: createFakeMaintenanceBoard(clock),
    freezes: [],
    events,
    logs,
    answer: answering.answer,
    findInjections,
    inspect: async () => [
      { title: 'requests are missing', why: 'Why.', found: [{ subject: checkout, detail: 'app' }] },
    ],
    onFeedback: createFeedbackMeter(telemetry),
    onVote: createVoteMeter(telemetry),
    attach: (request) => createFakeChannel().attach(request),
    takesFiles: async () => true,
    queueDepth: async () => ({ waiting: 1, active: 2, failed: 0 }),
    roles: {
      default: 'viewer',
      users: { U_CHI: 'admin', U_BEN: 'operator' },
      groups: { S_ONCALL: 'approver' },
      rules: [],
    },
    cluster: 'demo',
    commandName: '/kube',
  };
  return {
    context,
    ops,
    registry,
    records: incidents,
    index,
    alertmanager,
    alerts,
    workloads,
    objects,
    checkout,
    controls,
    audit: audit.entries,
    executed,
    explained,
    deliveries,
    events,
    logs,
    answering,
    configHistory,
    telemetry,
    findings,
  };
}
export type DeskWorld = ReturnType<typeof createDeskWorld>;

/** A crash loop of a workload, as the detector words it. */
export function crashLoopOf(subject: WorkloadRef): Finding {
  return {
    detector: 'crash-loop',
    kind: 'crash-loop',
    subject,
    severity: 'critical',
    title: 'crash loop',
    cause: 'The container app exits with code 1 <!channel>.',
    since: 1_000,
    occurrences: 4,
    affectedPods: 3,
    totalPods: 3,
    release: { fromRevision: 1, toRevision: 2, at: 900, changes: ['image of app: shop:1.0.0 -> shop:1.0.1'] },
  };
}

function templateOf(image: string) {
  return { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'app', image }] } };
}

/** A desk without Slack around it, for people who are given as they are. */
export function openDesk(world: DeskWorld, people: People): Desk {
  return createDesk({ ...world.context, people, workspace: { teamId: 'T0LOCAL' } });
}

export interface BotSettings {
  readonly clock?: Clock;
  readonly mode?: 'socket' | 'http';
  /** What has been taken from Slack; its own unless bots share them. */
  readonly receipts?: Receipts;
  readonly appToken?: string;
  readonly botToken?: string;
}

/** The real bot against the local Slack, until the test ends. */
export function openBot(slack: LocalSlack, world: DeskWorld, settings: BotSettings = {}) {
  const states: string[] = [];
  const refusals: string[] = [];
  const clock = settings.clock ?? systemClock;
  const bot: Bot = startBot({
    access: checkSlackAccess(
      {
        SLACK_BOT_TOKEN: settings.botToken ?? slack.botToken,
        SLACK_APP_TOKEN: settings.appToken ?? slack.appToken,
        SLACK_SIGNING_SECRET: slack.signingSecret,
        SLACK_API_URL: slack.apiUrl,
      },
      settings.mode ?? 'socket',
    ),
    clock,
    log: quietLog,
    receipts: settings.receipts ?? createFakeReceipts(clock),
    openDesk: ({ workspace, client }) =>
      createDesk({
        ...world.context,
        workspace,
        attach: createAttach(client),
        people: createPeople({ client, clock, groups: ['S_ONCALL'] }),
      }),
    onState: (state) => void states.push(state),
    onRefused: (error) => void refusals.push(error.message),
  });
  onTestFinished(() => bot.stop());
  return { bot, states, refusals };
}

/** Posts a card with the three buttons, as the outbox does, and notes where it is. */
export async function postCard(
  slack: LocalSlack,
  world: DeskWorld,
  proposal: { id: string; incidentId: string },
): Promise<string> {
  const button = (verb: string): Button => ({
    type: 'button',
    text: { type: 'plain_text', text: verb },
    action_id: `op:${verb.toLowerCase()}`,
    value: proposal.id,
  });
  const posted = await openClient(slack).chat.postMessage({
    channel: 'C_OPS',
    text: `Proposal ${proposal.id}`,
    blocks: [{ type: 'actions', elements: ['Approve', 'Reject', 'Details'].map(button) }],
  });
  const ts = posted.ts ?? '';
  const entries = { root: { ts, digest: 'x' } };
  await world.deliveries.write(proposal.incidentId, { channel: 'C_OPS', version: 1, entries });
  return ts;
}
