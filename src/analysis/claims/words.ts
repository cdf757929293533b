/** Lists of words, one reason each. What is in none of them and stands where a name stands is taken for a name. */
function list(words: string): ReadonlySet<string> {
  return new Set(words.trim().split(/\s+/));
}

/** What Kubernetes and people who run it call a thing that has a name: the word beside it may be that name. */
export const kindWords = list(`
  pod pods deployment deployments statefulset statefulsets daemonset daemonsets replicaset replicasets job jobs cronjob cronjobs node nodes namespace
  namespaces container containers service services image images configmap secret ingress host hosts server servers database volume workload workloads app
  application backend backends upstream dependency broker cache`);

/** Words that stand before such a thing without naming it. */
export const plainBefore = list(`
  a an the this that these those its their his her our your each every any all both either neither no none some several many few most more other another
  same different new newer newest old older oldest previous prior present current latest last first next second third only own whole entire single failing failed
  crashing crashed broken healthy unhealthy affected ready unready running pending waiting restarted restarting evicted missing slow full faulty bad good
  and or of in on by for to from with without between behind before after than as at into onto inside across over under per via near is are was were be
  been has have had its when where while if because so that which whose who one two three four five six seven eight nine ten it they there not nor
  external internal remote local target downstream upstream main init sidecar worker control-plane container pod node image job app application service
  server cluster kubernetes backend host database cache workload deployment`);

/** Words that stand after it without naming it; words in -ing, -ed and -ly are not names there either. */
export const plainAfter = list(`
  a an the this that these those and or but nor is are was were be been being has have had do does did can could cannot may might must should will would
  not no never in on at of to from for by with without into onto within inside across over under per via near between behind before after during since until
  while when where which who whose that than then as if because so due once again still also only both either first last soon later now here there
  exit exits crash crashes crashloop fail fails failure failures restart restarts start starts stop stops run runs ran began begin begins became become
  becomes went goes go come comes came keep keeps kept lose loses lost find finds found get gets got give gives gave take takes took reach reaches
  answer answers respond responds refuse refuses reject rejects accept accepts return returns time times log logs say says said report reports show shows
  write writes wrote read reads hit hits grow grows grew fall falls fell wait waits hang hangs hung end ends die dies died leave leaves left need needs use
  uses send sends sent serve serves throw throws threw see sees saw try tries name names image images pod pods container containers node nodes
  service services server servers host hosts memory cpu disk limit limits request requests pool pools connection connections port ports probe
  probes process processes error errors code codes status state version versions release releases revision revisions rollout config configuration account
  key keys value values table tables user users group groups file files volume volumes claim claims space name-resolution itself themselves
  succeed succeeds rather instead
  one two three four five six seven eight nine ten itself up down out off away back available unavailable ready unready healthy unhealthy slow full
  empty missing present absent unable able likely probably apparently repeatedly together alone too very more less most least other others same`);

/** Concepts in capitals that anybody who reads the evidence may use; everything else in capitals must stand there. */
export const acronyms = list(`
  API CA CPU DNS HTTP HTTPS ID IO IP JSON OOM OS PID RAM RBAC SQL SSL TCP TLS UDP URL UTC UI VM YAML HTML PVC PV HPA VPA PDB CRD CNI CSI JVM GC AI SRE OK A I
  CI CD GRPC NFS SSD`);

/** Kinds and states of Kubernetes as it writes them: words of the field, not names of somebody's object. */
export const kinds = list(`
  Kubernetes Pod Pods Deployment Deployments StatefulSet StatefulSets DaemonSet DaemonSets ReplicaSet ReplicaSets Job Jobs CronJob CronJobs Node Nodes
  Namespace Namespaces Container Containers Service Services ConfigMap ConfigMaps Secret Secrets Ingress Event Events PersistentVolumeClaim
  PersistentVolume HorizontalPodAutoscaler PodDisruptionBudget Endpoints EndpointSlice ServiceAccount NetworkPolicy Gateway HTTPRoute Lease Slack Lifeguard`);

/** Products whose names look like words: to name one that the evidence does not is to make it up. */
export const products = list(`
  redis postgres postgresql mysql mariadb mongodb mongo cassandra kafka rabbitmq nats zookeeper elasticsearch opensearch memcached etcd consul vault nginx envoy
  istio linkerd haproxy traefik kong coredns kubelet containerd dockerd docker calico cilium flannel prometheus grafana loki alertmanager jaeger argocd argo
  flux helm terraform ansible jenkins gitlab github keycloak minio ceph aws azure gcp cloudflare datadog sentry stripe paypal sqlite oracle clickhouse
  influxdb cockroachdb dynamodb s3 lambda spark airflow celery sidekiq gunicorn uwsgi tomcat jetty spring django rails node.js java python golang ruby php`);

/** Words joined by a hyphen that name nothing. */
export const joined = list(`
  out-of-memory re-created re-create read-only read-write time-out back-off roll-out start-up shut-down crash-loop crash-looping in-flight long-running short-lived
  client-side server-side end-to-end so-called non-zero multi-line higher-than-usual image-pull init-container cold-start node-level pod-level
  cluster-wide self-signed well-known up-to-date follow-up already-running newly-released just-released and/or read/write i/o on-call e.g i.e`);

/** Numbers in words. A word that only may be one ("one of them") is not in it. */
export const numberWords: ReadonlyMap<string, string> = new Map([
  ['zero', '0'],
  ['two', '2'],
  ['twice', '2'],
  ['three', '3'],
  ['thrice', '3'],
  ['four', '4'],
  ['five', '5'],
  ['six', '6'],
  ['seven', '7'],
  ['eight', '8'],
  ['nine', '9'],
  ['ten', '10'],
  ['eleven', '11'],
  ['twelve', '12'],
  ['fifteen', '15'],
  ['twenty', '20'],
  ['thirty', '30'],
  ['forty', '40'],
  ['fifty', '50'],
  ['sixty', '60'],
  ['hundred', '100'],
  ['thousand', '1000'],
  ['million', '1000000'],
  ['third', '3'],
  ['fourth', '4'],
  ['fifth', '5'],
]);

/** Amounts and moments that nothing can be held against. */
export const vague = list(`
  dozen dozens hundreds thousands millions billions half halved doubled tripled quadrupled double triple tenfold yesterday today tomorrow tonight overnight
  midnight noon`);
