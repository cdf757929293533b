import type { DisruptionBudgetView, NamespaceView, VolumeClaimView } from '../../src/core/views/capacity.ts';
import type { ClassView } from '../../src/core/views/network.ts';
import type { ConditionView } from '../../src/core/views/object.ts';
import { minutes, now } from './views.ts';

export function aCondition(type: string, status: ConditionView['status'], overrides: Partial<ConditionView> = {}) {
  return { type, status, reason: '', message: '', since: now - 20 * minutes, ...overrides };
}

/** Waits for a volume of storage class `fast`. */
export function aVolumeClaim(overrides: Partial<VolumeClaimView> = {}): VolumeClaimView {
  return {
    uid: 'uid-claim',
    namespace: 'shop',
    name: 'data',
    createdAt: now - 10 * minutes,
    phase: 'Pending',
    storageClass: 'fast',
    requested: 2 ** 30,
    readOnly: false,
    ...overrides,
  };
}

export function aStorageClass(overrides: Partial<ClassView> = {}): ClassView {
  return {
    uid: `uid-class-${overrides.name ?? 'fast'}`,
    namespace: '',
    name: 'fast',
    createdAt: 0,
    controller: 'disks.example.com',
    isDefault: false,
    bindingMode: 'Immediate',
    conditions: [],
    ...overrides,
  };
}

/** Holds 2 of 3 pods. */
export function aDisruptionBudget(overrides: Partial<DisruptionBudgetView> = {}): DisruptionBudgetView {
  return {
    uid: 'uid-budget',
    namespace: 'shop',
    name: 'checkout',
    createdAt: now - 24 * 60 * minutes,
    rule: 'minAvailable 2',
    selector: { app: 'checkout' },
    currentHealthy: 3,
    desiredHealthy: 2,
    allowed: 1,
    expectedPods: 3,
    conditions: [],
    ...overrides,
  };
}

export function aNamespace(overrides: Partial<NamespaceView> = {}): NamespaceView {
  return {
    uid: 'uid-shop',
    namespace: '',
    name: 'shop',
    createdAt: 0,
    labels: {},
    conditions: [],
    annotations: {},
    ...overrides,
  };
}
