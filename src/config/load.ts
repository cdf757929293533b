import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { LifeguardError } from '../core/errors.ts';
import { isJsonObject } from '../core/json.ts';
import type { Policy } from '../core/policy.ts';
import { parseQuantity } from '../core/quantity.ts';
import { describeIssue } from './faults.ts';
import { configSchema, type Settings } from './schema.ts';

/** The configuration as the rest of the program reads it; durations in milliseconds. */
export interface Config {
  readonly cluster: Settings['cluster'];
  readonly slack: Settings['slack'];
  readonly alertmanager: Settings['alertmanager'];
  readonly prometheus: Settings['prometheus'];
  readonly model: Settings['model'];

  readonly investigators: Settings['investigators'];
  readonly kubernetes: Settings['kubernetes'];
  readonly incidents: Settings['incidents'];
  readonly pager: Settings['pager'];
  readonly events: Settings['events'];
  readonly logs: Settings['logs'];
  readonly audit: Settings['audit'];
  readonly policy: Policy;
  /** Times in which nothing is changed automatically. */
  readonly freezes: Settings['policy']['freezes'];
  readonly detectors: Readonly<Record<string, unknown>>;
}

/** How often an execution looks whether it helped, milliseconds. */
const verifyEveryMs = 2_000;

/**
 * Reads `lifeguard.yaml`. Every fault is listed, each with its path, what was found and what is allowed; fails with `config-invalid`.
 * `name` is the file's name for the message.
 */
export function loadConfig(
  text: string,
  { name, detectors }: { readonly name: string; readonly detectors: Readonly<Record<string, z.ZodType>> },
): Config {
  const document = parseDocument(text);
  const problem = document.errors[0];
  if (problem !== undefined) throw invalid(`${name} is not valid YAML: ${firstLine(problem.message)}.`);
  const raw: unknown = document.toJS() ?? {};
  const parsed = configSchema(detectors).safeParse(raw);
  if (parsed.success) return toConfig(parsed.data);
  const faults = parsed.error.issues.flatMap((issue) => describeIssue(issue, (path) => valueAt(raw, path)));
  throw invalid(
    [
      `${name} has ${faults.length === 1 ? '1 fault' : `${faults.length} faults`}:`,
      ...faults.map((fault) => `  ${fault}`),
    ].join('\n'),
  );
}

/** Steps through mappings and lists alike. */
function valueAt(raw: unknown, path: readonly string[]): unknown {
  let current = raw;
  for (const step of path) {
    if (Array.isArray(current)) current = current[Number(step)];
    else current = isJsonObject(current) ? current[step] : undefined;
  }
  return current;
}

function invalid(message: string): LifeguardError {
  return new LifeguardError(message, { code: 'config-invalid', retry: 'permanent' });
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? text).replace(/[:.]$/, '');
}

function toConfig({ policy, ...settings }: Settings): Config {
  const { autonomy, rules, protectedNamespaces, attempts, budget, verification, bounds, storm, approval } = policy;
  const minute = 60_000;
  return {
    ...settings,
    freezes: policy.freezes,
    policy: {
      autonomy,
      rules,
      protectedNamespaces,
      maxAutoRisk: 'low',
      approvalExpiresMs: policy.approvalExpiresMinutes * minute,
      approval,
      attempts: {
        max: attempts.max,
        backoffMs: attempts.backoffSeconds * 1000,
        daily: attempts.daily,
        windowMs: attempts.windowMinutes * minute,
      },
      budget: { cluster: budget.cluster, namespace: budget.namespace, windowMs: budget.windowMinutes * minute },
      bounds: {
        ...bounds,
        cpu: parseQuantity(bounds.cpu) ?? 0,
        memory: parseQuantity(bounds.memory) ?? 0,
        storage: parseQuantity(bounds.storage) ?? 0,
      },
      storm,
      verification: {
        stableForMs: verification.stableForSeconds * 1000,
        deadlineMs: verification.deadlineSeconds * 1000,
        everyMs: verifyEveryMs,
        traffic: verification.traffic,
      },
    },
  };
}
