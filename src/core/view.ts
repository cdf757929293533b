import type { ResourceRef } from './resource-ref.ts';
import type { AlertView } from './views/alert.ts';
import type {
  AutoscalerView,
  DisruptionBudgetView,
  NamespaceView,
  NodeView,
  VolumeClaimView,
} from './views/capacity.ts';
import type { ConfigMapView } from './views/config-map.ts';
import type { EventView } from './views/event.ts';
import type { CronJobView, JobView } from './views/job.ts';
import type { LogsView } from './views/logs.ts';
import type {
  CertificateView,
  ClassView,
  EndpointsView,
  GatewayView,
  IngressView,
  RouteView,
  ServiceView,
  WebhooksView,
} from './views/network.ts';
import type { PodView } from './views/pod.ts';
import type { RateView } from './views/rate.ts';
import type { ScalingView } from './views/scaling.ts';
import type { UsageView } from './views/usage.ts';
import type { VolumeUsageView } from './views/volume-usage.ts';
import type { RevisionView, WorkloadView } from './views/workload.ts';

/** The slim objects, by the name under which sources give them and detectors ask for them. */
export interface ViewTypes {
  readonly pod: PodView;
  readonly workload: WorkloadView;
  readonly revision: RevisionView;
  readonly job: JobView;
  readonly cronJob: CronJobView;
  readonly node: NodeView;
  readonly event: EventView;
  readonly service: ServiceView;
  readonly endpoints: EndpointsView;
  readonly ingress: IngressView;
  readonly ingressClass: ClassView;
  readonly gateway: GatewayView;
  readonly gatewayClass: ClassView;
  readonly route: RouteView;
  readonly certificate: CertificateView;
  readonly webhooks: WebhooksView;
  readonly volumeClaim: VolumeClaimView;
  readonly storageClass: ClassView;
  readonly disruptionBudget: DisruptionBudgetView;
  readonly autoscaler: AutoscalerView;
  readonly namespace: NamespaceView;
  readonly configMap: ConfigMapView;
  readonly alert: AlertView;
  readonly rate: RateView;
  readonly usage: UsageView;
  readonly scaling: ScalingView;
  readonly volumeUsage: VolumeUsageView;
  readonly logs: LogsView;
}

export type ViewKind = keyof ViewTypes;

/** Objects that are found by name; pods, revisions, endpoints and Events are found through what they belong to. */
type NamedKind = Exclude<ViewKind, 'pod' | 'revision' | 'endpoints' | 'event' | 'workload' | 'alert'>;

/** Since when an object is known not to be there. */
export interface Absence {
  /** Epoch milliseconds by the cluster's clock: when it was seen to go, or else when its kind was first listed without it. */
  readonly since: number;
  /** False: it may have been gone for long before. */
  readonly seenToGo: boolean;
}

/**
 * What is known of the cluster now: the slim objects and the owner graph between them. Detectors read it and nothing else.
 * The watcher keeps one for the whole cluster; verification reads one freshly made for a single workload.
 */
export interface ClusterView {
  /**
   * True where the view holds the objects of this kind in this namespace, so that absence means gone; false without rights, where the API
   * group is absent, or before the first list.
   */
  knows(kind: ViewKind, namespace: string): boolean;
  /** True where the view would hold the object that this names, were it there. */
  covers(ref: ResourceRef): boolean;
  all<K extends ViewKind>(kind: K): Iterable<ViewTypes[K]>;
  find<K extends NamedKind>(kind: K, namespace: string, name: string): ViewTypes[K] | undefined;
  /** Of an object that `find` does not find. */
  absence(kind: NamedKind, namespace: string, name: string): Absence;
  /** Objects of one namespace; no order. */
  within<K extends NamedKind | 'workload'>(kind: K, namespace: string): readonly ViewTypes[K][];
  workload(ref: ResourceRef): WorkloadView | undefined;
  /** Pods that roll up to `ref` (through ReplicaSets and Jobs), or the bare pod itself. */
  podsOf(ref: ResourceRef): readonly PodView[];
  podsOn(node: string): readonly PodView[];
  /** Revisions of a workload, newest first. */
  revisionsOf(ref: ResourceRef): readonly RevisionView[];
  /** Jobs that a CronJob made, newest first. */
  jobsOf(ref: ResourceRef): readonly JobView[];
  /** The slices of a Service. */
  endpointsOf(service: ServiceView): readonly EndpointsView[];
  /** The topmost owner of a pod that the view knows; the pod itself when it has none, or when its owner is its node. */
  ownerOf(pod: PodView): ResourceRef;
  eventsOf(ref: ResourceRef): readonly EventView[];
  /** Alerts whose labels name `ref` or what rolls up to it; no order. */
  alertsOf(ref: ResourceRef): readonly AlertView[];
}
