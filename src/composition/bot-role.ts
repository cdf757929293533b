import { type Bot, startBot } from '../bot/start.ts';
import type { SlackAccess } from '../bot/tokens.ts';
import type { LifeguardError } from '../core/errors.ts';
import { createDesk } from '../handlers/desk.ts';
import { createPeople } from '../platform/slack/people.ts';
import { knownGroups } from './approvers.ts';
import { inspectHygiene } from './hygiene.ts';
import type { Parts } from './parts.ts';

/** Answers people in Slack. `onRefused`: Slack will never take these tokens. */
export function startBotRole(parts: Parts, access: SlackAccess, onRefused: (error: LifeguardError) => void): Bot {
  const { config, clock, log, store, registry, ops, alertmanager } = parts;
  const connected = parts.telemetry.gauge({
    name: 'slack_connected',
    help: 'Whether the socket to Slack is open: 1 or 0.',
  });
  const feedback = parts.telemetry.counter<'kind' | 'verdict'>({
    name: 'feedback_total',
    help: 'What people think of incidents, by kind of finding: useful or false-alarm.',
    labels: ['kind', 'verdict'],
  });
  return startBot({
    access,
    clock,
    log,
    onRefused,
    onState(state) {
      connected({}, state === 'connected' ? 1 : 0);
      log.info('the connection to Slack changed', { state });
    },
    openDesk: ({ workspace, client }) =>
      createDesk({
        ops,
        registry,
        workspace,
        incidents: store.incidents,
        deliveries: store.messageLedger,
        statusBoard: store.statusBoard,
        silencing: alertmanager === undefined ? undefined : { board: store.alerts, alertmanager },
        maintenance: store.maintenance,
        events: store.events,
        inspect: () => inspectHygiene(parts),
        onFeedback: (given) => feedback(given),
        queueDepth: () => store.queue.depth(),
        people: createPeople({ client, clock, groups: knownGroups(config) }),
        roles: config.slack.roles,
        cluster: config.cluster.name,
        commandName: config.slack.command,
      }),
  });
}
