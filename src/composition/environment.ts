import { LifeguardError } from '../core/errors.ts';

/** What a process takes from its environment; every value may be missing. */
export interface Environment {
  readonly slackBotToken?: string | undefined;
  readonly slackAppToken?: string | undefined;
  readonly slackSigningSecret?: string | undefined;
  readonly slackApiUrl?: string | undefined;
  readonly redisUrl?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly inClusterHost?: string | undefined;
  readonly inClusterPort?: string | undefined;
  /** Namespace that holds the leader's Lease. */
  readonly podNamespace?: string | undefined;
  /** What gives placeholders their tags, the same for all roles; the Slack token where it is missing. */
  readonly redactionKey?: string | undefined;
  /** What senders of webhooks must know; anybody may send where it is missing. */
  readonly webhookToken?: string | undefined;
  readonly alertmanagerToken?: string | undefined;
  readonly prometheusToken?: string | undefined;
  readonly lokiToken?: string | undefined;
  readonly kagentToken?: string | undefined;
  readonly kubectlAiToken?: string | undefined;
  readonly pagerKey?: string | undefined;
  readonly modelKey?: string | undefined;
  /** Where the model answers; OpenAI where only the key is there. */
  readonly modelUrl?: string | undefined;
  /** 0 takes a free one. */
  readonly port: number;
}

export const roles = ['all', 'bot', 'watcher', 'worker'] as const;
export type RoleName = (typeof roles)[number];

export function isRoleName(word: string): word is RoleName {
  return roles.some((role) => role === word);
}

type Variables = Readonly<Record<string, string | undefined>>;

const defaultPort = 8080;
const highestPort = 65_535;

/** Reads the variables; one that is empty counts as not set. Fails with `config-invalid`. */
export function readEnvironment(variables: Variables): Environment {
  return {
    slackBotToken: variables['SLACK_BOT_TOKEN'],
    slackAppToken: variables['SLACK_APP_TOKEN'],
    slackSigningSecret: variables['SLACK_SIGNING_SECRET'],
    slackApiUrl: variables['SLACK_API_URL'],
    redisUrl: textOf(variables['REDIS_URL']),
    kubeconfig: textOf(variables['KUBECONFIG']),
    inClusterHost: textOf(variables['KUBERNETES_SERVICE_HOST']),
    inClusterPort: textOf(variables['KUBERNETES_SERVICE_PORT']),
    podNamespace: textOf(variables['POD_NAMESPACE']),
    redactionKey: textOf(variables['LIFEGUARD_REDACTION_KEY']),
    webhookToken: textOf(variables['LIFEGUARD_WEBHOOK_TOKEN']),
    alertmanagerToken: textOf(variables['ALERTMANAGER_TOKEN']),
    prometheusToken: textOf(variables['PROMETHEUS_TOKEN']),
    lokiToken: textOf(variables['LOKI_TOKEN']),
    kagentToken: textOf(variables['KAGENT_TOKEN']),
    kubectlAiToken: textOf(variables['KUBECTL_AI_TOKEN']),
    pagerKey: textOf(variables['PAGERDUTY_ROUTING_KEY']),
    modelKey: textOf(variables['OPENAI_API_KEY']),
    modelUrl: readUrl('OPENAI_BASE_URL', variables),
    port: readPort(textOf(variables['PORT'])),
  };
}

function textOf(value: string | undefined): string | undefined {
  const text = value?.trim();
  return text === '' ? undefined : text;
}

function readUrl(name: string, variables: Variables): string | undefined {
  const text = textOf(variables[name]);
  if (text === undefined || (URL.canParse(text) && /^https?:/i.test(text))) return text;
  throw invalid(
    `${name} is not the address of a server; set it to one such as http://vllm.ai:8000/v1, or leave it out.`,
  );
}

function readPort(text: string | undefined): number {
  if (text === undefined) return defaultPort;
  if (/^\d+$/.test(text) && Number(text) <= highestPort) return Number(text);
  throw invalid(
    `PORT is "${text}"; set it to a whole number from 1 to ${highestPort} (0 takes a free port), or leave it out for ${defaultPort}.`,
  );
}

const levels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** The least that is logged, `info` where nothing is set; fails with `config-invalid`. */
export function readLogLevel(variables: Variables): (typeof levels)[number] {
  const text = textOf(variables['LOG_LEVEL']) ?? 'info';
  const level = levels.find((known) => known === text.toLowerCase());
  if (level !== undefined) return level;
  throw invalid(`LOG_LEVEL is "${text}"; set it to one of ${levels.join(', ')}, or leave it out for info.`);
}

function invalid(message: string): LifeguardError {
  return new LifeguardError(message, { code: 'config-invalid', retry: 'permanent' });
}
