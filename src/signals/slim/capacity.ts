import { readArray, readNumber, readPath, readString, readTime } from '../../core/json.ts';
import { parseQuantity } from '../../core/quantity.ts';
import type {
  AutoscalerView,
  DisruptionBudgetView,
  NamespaceView,
  VolumeClaimView,
} from '../../core/views/capacity.ts';
import { readAnnotations, readConditions, readLabels, readMetadata } from './metadata.ts';

export function slimVolumeClaim(raw: unknown): VolumeClaimView | undefined {
  const metadata = readMetadata(raw);
  if (metadata === undefined) return undefined;
  return {
    ...metadata,
    phase: readString(raw, 'status', 'phase') ?? 'Pending',
    storageClass: readString(raw, 'spec', 'storageClassName'),
    volume: readString(raw, 'spec', 'volumeName'),
    selectedNode: readString(raw, 'metadata', 'annotations', 'volume.kubernetes.io/selected-node'),
    readOnly: isReadOnly(readArray(raw, 'spec', 'accessModes')),
    requested: parseQuantity(readString(raw, 'spec', 'resources', 'requests', 'storage') ?? '') ?? 0,
  };
}

function isReadOnly(modes: readonly unknown[]): boolean {
  return modes.length > 0 && modes.every((mode) => mode === 'ReadOnlyMany');
}

export function slimDisruptionBudget(raw: unknown): DisruptionBudgetView | undefined {
  const metadata = readMetadata(raw);
  if (metadata === undefined) return undefined;
  const status = (name: string): number => readNumber(raw, 'status', name) ?? 0;
  return {
    ...metadata,
    rule: readRule(raw),
    selector: readSelector(raw),
    currentHealthy: status('currentHealthy'),
    desiredHealthy: status('desiredHealthy'),
    allowed: status('disruptionsAllowed'),
    expectedPods: status('expectedPods'),
    conditions: readConditions(raw, 'status', 'conditions'),
  };
}

function readSelector(raw: unknown): DisruptionBudgetView['selector'] {
  const plain = readArray(raw, 'spec', 'selector', 'matchExpressions').length === 0;
  return plain ? readLabels(raw, 'spec', 'selector', 'matchLabels') : undefined;
}

function readRule(raw: unknown): string {
  const rules = ['minAvailable', 'maxUnavailable'].flatMap((name) => {
    const value = readPath(raw, 'spec', name);
    return typeof value === 'number' || typeof value === 'string' ? [`${name} ${value}`] : [];
  });
  return rules[0] ?? '(none)';
}

export function slimAutoscaler(raw: unknown): AutoscalerView | undefined {
  const metadata = readMetadata(raw);
  if (metadata === undefined) return undefined;
  return {
    ...metadata,
    target: {
      kind: readString(raw, 'spec', 'scaleTargetRef', 'kind') ?? '',
      name: readString(raw, 'spec', 'scaleTargetRef', 'name') ?? '',
    },
    min: readNumber(raw, 'spec', 'minReplicas') ?? 1,
    max: readNumber(raw, 'spec', 'maxReplicas') ?? 0,
    current: readNumber(raw, 'status', 'currentReplicas') ?? 0,
    desired: readNumber(raw, 'status', 'desiredReplicas') ?? 0,
    lastScaledAt: readTime(raw, 'status', 'lastScaleTime'),
    conditions: readConditions(raw, 'status', 'conditions'),
  };
}

export function slimNamespace(raw: unknown): NamespaceView | undefined {
  const metadata = readMetadata(raw);
  if (metadata === undefined) return undefined;
  return {
    ...metadata,
    labels: readLabels(raw, 'metadata', 'labels'),
    conditions: readConditions(raw, 'status', 'conditions'),
    annotations: readAnnotations(raw),
  };
}
