const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * A Kubernetes quantity as a plain number (`128Mi` -> bytes, `250m` -> cores); undefined where it is not one.
 * Source: resource.Quantity of k8s.io/apimachinery.
 */
export function parseQuantity(text: string): number | undefined {
  const match = /^([+-]?\d+(?:\.\d*)?|[+-]?\.\d+)(?:e([+-]?\d+)|([numkMGTPE]|[KMGTPE]i))?$/i.exec(text);
  const factor = factors[match?.[3] ?? ''];
  if (match?.[1] === undefined || factor === undefined) return undefined;
  return Number(match[1]) * 10 ** Number(match[2] ?? 0) * factor;
}
