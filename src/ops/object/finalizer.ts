/** Who removes a finalizer, and when; what the finalizer stands for is not done where it is taken away. */
interface Keeper {
  readonly pattern: RegExp;
  /** Completes "It is removed by …". */
  readonly who: string;
}

/** Finalizers of Kubernetes itself and of what often leaves some behind, in the words of their documentation. */
const keepers: readonly Keeper[] = [
  { pattern: /^kubernetes\.io\/pvc-protection$/, who: 'Kubernetes, once no pod uses the claim' },
  { pattern: /^batch\.kubernetes\.io\/job-tracking$/, who: 'the Job controller, once it has counted the pod' },
  { pattern: /^foregroundDeletion$/, who: 'the garbage collector, once all that it owns is gone' },
  { pattern: /^orphan$/, who: 'the garbage collector, once what it owns has been let go of' },
  {
    pattern: /^service\.kubernetes\.io\/load-balancer-cleanup$/,
    who: "the cloud's controller, once the load balancer is gone; without it the load balancer stays and costs",
  },
  { pattern: /k8s\.aws/, who: 'the AWS load balancer controller, once what it made in the account is gone' },
  { pattern: /argocd\.argoproj\.io/, who: 'Argo CD, once it has deleted what the application made' },
  { pattern: /fluxcd\.io/, who: 'Flux, once it has deleted what it made' },
];

/** `Kubernetes, once no pod uses the claim`; for unknown ones the domain that its name begins with. */
export function describeKeeper(finalizer: string): string {
  const known = keepers.find(({ pattern }) => pattern.test(finalizer));
  if (known !== undefined) return known.who;
  const [domain] = finalizer.split('/');
  return domain === finalizer ? 'whoever set it' : `the controller of ${domain}, once it has cleaned up`;
}
