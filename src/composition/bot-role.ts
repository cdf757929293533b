import { findInjections } from '../analysis/claims/injection.ts';
import { type Bot, startBot } from '../bot/start.ts';
import type { SlackAccess } from '../bot/tokens.ts';
import type { LifeguardError } from '../core/errors.ts';
import type { InvestigatorQuestion } from '../core/ports/investigator.ts';
import { askInvestigators } from '../explaining/second-opinions.ts';
import { createDesk } from '../handlers/desk.ts';
import { createFiles } from '../platform/slack/files.ts';
import { createPeople } from '../platform/slack/people.ts';
import { knownGroups } from './approvers.ts';
import { createAnswering } from './explaining.ts';
import { createFeedbackMeter, createVoteMeter } from './feedback-meter.ts';
import { inspectHygiene } from './hygiene.ts';
import type { Parts } from './parts.ts';

/** Answers people in Slack. `onRefused`: Slack will never take these tokens. */
export function startBotRole(parts: Parts, access: SlackAccess, onRefused: (error: LifeguardError) => void): Bot {
  const { config, clock, log, store, registry, ops } = parts;
  const connected = parts.telemetry.gauge({
    name: 'slack_connected',
    help: 'Whether the bot takes what people do in Slack: 1 or 0.',
  });
  const onFeedback = createFeedbackMeter(parts.telemetry);
  const onVote = createVoteMeter(parts.telemetry);
  return startBot({
    access,
    clock,
    log,
    receipts: store.receipts,
    onRefused,
    onState(state) {
      connected({}, state === 'connected' ? 1 : 0);
      log.info('the connection to Slack changed', { state });
    },
    openDesk({ workspace, client, scopes }) {
      const files = createFiles({ client, clock, scopes });
      return createDesk({
        ops,
        registry,
        workspace,
        incidents: store.incidents,
        deliveries: store.messageLedger,
        forms: store.forms,
        statusBoard: store.statusBoard,
        maintenance: store.maintenance,
        freezes: config.freezes,
        events: store.events,
        logs: parts.workloadLogs,
        answer: createAnswering(parts),
        consult: consulting(parts),
        findInjections,
        inspect: () => inspectHygiene(parts),
        onFeedback,
        onVote,
        attach: files.attach,
        takesFiles: files.isTaken,
        queueDepth: () => store.queue.depth(),
        people: createPeople({ client, clock, groups: knownGroups(config) }),
        roles: config.slack.roles,
        cluster: config.cluster.name,
        commandName: config.slack.command,
      });
    },
  });
}

/** Nobody is asked unless a person wants it. */
function consulting({ investigators, clock }: Parts) {
  if (investigators.length === 0) return undefined;
  return (question: InvestigatorQuestion) => askInvestigators({ investigators, clock }, question);
}
