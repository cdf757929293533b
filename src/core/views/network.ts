import type { JsonObject } from '../json.ts';
import type { ConditionView, Labels, ObjectView, WrittenView } from './object.ts';
import type { PortView } from './workload.ts';

/** A port by number or by name. */
export type PortName = number | string;

export interface ServicePortView {
  readonly name?: string | undefined;
  readonly port: number;
  readonly targetPort: PortName;
}

export interface ServiceView extends WrittenView {
  readonly type: string;
  /** Undefined: endpoints are kept by somebody else. */
  readonly selector?: Labels | undefined;
  readonly ports: readonly ServicePortView[];
  readonly publishNotReady: boolean;
  /** True where it has no address of its own: clients find the pods by name and choose the port themselves. */
  readonly headless: boolean;
  /** Its own addresses in the cluster. */
  readonly addresses: readonly string[];
  readonly annotations: Labels;
}

/** One EndpointSlice. */
export interface EndpointsView extends ObjectView {
  /** Name of the Service, in the same namespace. */
  readonly service: string;
  readonly ready: number;
  readonly notReady: number;
  readonly ports: readonly PortView[];
  /** Epoch milliseconds at which an endpoint last came, went or changed its readiness. */
  readonly changedAt?: number | undefined;
}

export interface BackendView {
  readonly service: string;
  /** Differs from the object's own only for Gateway API routes. */
  readonly namespace: string;
  readonly port?: PortName | undefined;
  /** `shop.example.com/cart`, for people. */
  readonly path: string;
}

export interface IngressView extends WrittenView {
  /** Absent where there is none, or only the older annotation. */
  readonly className?: string | undefined;
  /** True where some controller takes it: the older annotation names one, or one has given it an address. */
  readonly taken: boolean;
  readonly backends: readonly BackendView[];
  readonly tlsSecrets: readonly string[];
}

/** An IngressClass, a StorageClass or a GatewayClass. */
export interface ClassView extends ObjectView {
  readonly controller: string;
  readonly isDefault: boolean;
  /** Of a StorageClass: `Immediate` or `WaitForFirstConsumer`. */
  readonly bindingMode?: string | undefined;
  readonly conditions: readonly ConditionView[];
}

export interface ListenerView {
  readonly name: string;
  readonly tlsSecrets: readonly string[];
  readonly conditions: readonly ConditionView[];
}

export interface GatewayView extends WrittenView {
  readonly className: string;
  readonly listeners: readonly ListenerView[];
  readonly conditions: readonly ConditionView[];
}

/** An HTTPRoute or GRPCRoute. */
export interface RouteView extends WrittenView {
  readonly kind: string;
  readonly parents: readonly { readonly namespace: string; readonly name: string }[];
  readonly backends: readonly BackendView[];
  /** Those of all parents. */
  readonly conditions: readonly ConditionView[];
}

/** A Secret of type kubernetes.io/tls. The key is never kept. */
export interface CertificateView extends ObjectView {
  /** Epoch milliseconds; absent where the certificate cannot be read. */
  readonly expiresAt?: number | undefined;
  readonly issuer: string;
  /** Names it is made out to. */
  readonly names: readonly string[];
}

export interface ServicePortRef {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
}

export interface WebhookView {
  readonly name: string;
  readonly failurePolicy: string;
  /** Absent for a webhook behind a URL. */
  readonly service?: ServicePortRef | undefined;
  /** Epoch milliseconds at which the last of the CAs in its bundle ends: while one is replaced by another, both are there. */
  readonly caExpiresAt?: number | undefined;
  /** Epoch milliseconds at which what is to answer was last written, where the field managers say so. */
  readonly writtenAt?: number | undefined;
  /** Of which new pods it is asked; absent where of none. */
  readonly newPods?: NewPodsSelector | undefined;
}

/** LabelSelectors as written; an empty one takes all. */
interface NewPodsSelector {
  readonly namespaces: JsonObject;
  readonly pods: JsonObject;
}

/** A ValidatingWebhookConfiguration or MutatingWebhookConfiguration. */
export interface WebhooksView extends ObjectView {
  readonly kind: string;
  readonly webhooks: readonly WebhookView[];
}
