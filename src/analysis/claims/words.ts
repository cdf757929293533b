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
  server cluster kubernetes backend host database cache workload deployment
  create creates created creating start starts starting kill kills killed killing run runs reach reaches pull pulls pulling schedule schedules scheduling
  unbounded dedicated shared limited managed reserved expired rejected exhausted overloaded misconfigured replacement remaining suitable
  evict evicts place mount mounts find finds lack lacks need needs use uses lose loses`);

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
  forgot forgets succeed succeeds rather instead lack lacks fit fits shut shuts create creates stay stays remain remains receive receives know knows stand stands seem seems
  one two three four five six seven eight nine ten itself up down out off away back available unavailable ready unready healthy unhealthy slow full
  empty missing present absent unable able likely probably apparently repeatedly together alone too very more less most least other others same`);

/** Words that tell nothing of what they are said about. */
export const ordinary = list(`
  a an the this that these those its their his her our your it they them you we i there here one itself themselves something nothing anything everything
  someone somebody nobody everybody and or but nor of in on at by for to from with without within into onto inside across over under above below per via near
  between behind before after during since until while than as if because due so then thus therefore though although unless whether when where which who
  whose what how why about against among toward towards through out off up down away back is are was were be been being has have had having do does did
  doing done can could cannot can't may might must should will would won't isn't aren't wasn't doesn't don't didn't not no never none neither either both all
  any each every some several many few most more less least much enough other another others same such own only also even just still yet again once ever
  always often sometimes already too very rather quite likely probably possibly perhaps maybe apparently seem seems seemed appear appears make makes made
  making take takes took taken give gives gave given get gets got getting go goes going gone went come comes came coming keep keeps kept become becomes became
  look looks looked say says said tell tells told want wants wanted like let lets put puts thing things way ways bit kind sort part parts etc`);

/** The language of the field, compared by the first letters: whoever tells of a failure may use it, whatever the evidence says in its place. */
export const field = list(`
  abort accept access account actual add address adjust admission affect affinity agent alert alive allow amount announce answer apply argument ask assign attach
  attempt audit authenticate authorize auto automatic average avoid await backed backlog bad balance bandwidth base batch become begin behave bind block boot bound
  bring broken buffer bug build burst busy cache call cancel capacity cascade cause certificate change channel charset check class clean clear client clock close cluster
  code collect collision command commit common compare compatible complete component compress compute concurrent condition config confirm conflict connect consecutive
  consistent constant constraint consume contact contain content contention continue control convert copy corrupt count cover crash create credential critical cron
  current cut cycle data date day deadline deadlock debug declare decline decrease default define delay delete deliver demand deny depend deploy deprecate describe
  destination detect dial differ digest directory dirty disable disappear disconnect discover disk distribute domain down downstream drain drift drop due dump duplicate duration earlier early effect
  element eligible empty enable encounter end endpoint enforce engine enter entry environment equal error establish evict exact exceed except excess exclude execute
  exhaust exist exit expand expect expire explain explicit expose external extra fail false fatal fault feature fetch field file fill filter final find finish fire firewall
  fit fix flag flap flood flush follow forbid format forward found frame free frequent fresh full function garbage gateway generate global grace gradual grant group grow
  half halt handle handshake hang happen hard header health heap heartbeat heavy high history hit hold hook host hour hypothesis idle ignore immediate impact import inactive
  inbound incoming incompatible incomplete inconsistent incorrect increase index individual init initial inject input instance instead insufficient interface intermittent
  internal interrupt interval invalid involve isolate issue iterate job join jump key kill label lack lag large last late latency launch layer lead leader leak
  lease leave left length level library life limit line link list listen live load local lock log logic login long longer lookup loop lose lost low machine maintain
  malformed manage manual map mark match maximum mean measure memory message method metric migrate minimum minor minute misconfigure mismatch miss misspell mode module moment monitor mount
  move multiple mutual name native need negotiate network new node normal note notice number object observe occur offline old online open operate option order origin
  outage outbound outdated output outside overflow overlap overload override owner pack page panic parallel parameter parent parse partial pass password past patch path
  pattern pause peak peer pending perform period permanent permission persist phase pick place plan plane plugin point policy poll pool port possible post predate present
  pressure prevent previous primary prior private probe problem process produce program progress promote propagate proper protect protocol provide provision proxy public publish pull
  push query queue quick quota quorum raise random range rapid rate reach read ready real reappear reason rebuild receive recent reclaim recognize reconcile reconnect
  record recover recreate reduce redirect refer refresh refuse region register registry regular reject relate release reload rely remain remote remove rename render renew repeat
  replace replica replicate report repository request require rerun reschedule reserve reset resolve resource respond response restart restore restrict result resume retain
  retire retry return reuse revert review revision revoke rise rose sharp role roll root rotate round route routine row rule run runtime safe sample saturate save scale scan schedule
  schema scope script search second secret section secure select send separate sequence series serve server session set setting severe share shell short shortly show shut
  side sign signal significant silence silent similar single size skip sleep slot slow slowdown small smooth socket soft source space spawn spec spike split spread stable stack stage
  stale stall standard start startup starve state static status stay steady step stop storage store storm stray stream string strong structure stuck subject submit
  success sudden suggest supply support surge suspend swap switch symptom sync syntax system table tag target task template temporary terminate test thread threshold throttle
  throughput throw tight time timeout timestamp token tolerate tool top total trace track traffic transaction transfer transient transition transmit trigger trouble true trust try
  turn type typo unable unauthorized unavailable unbound unchanged uncaught undefined unexpected unhandled unhealthy unique unit unknown unreachable unresponsive unschedulable
  unset unsupported unused unusual update upgrade upload upstream usage use user usual utilize valid value variable verify version violate visible volume wait
  warm warn watch week weight whole wide window word work worse wrap write wrong yield zone`);

/** Concepts in capitals that anybody who reads the evidence may use; everything else in capitals must stand there. */
export const acronyms = list(`
  API CA CPU DNS HTTP HTTPS ID IO IP JSON OOM OS PID RAM RBAC SQL SSL TCP TLS UDP URL UTC UI VM YAML HTML PVC PV HPA VPA PDB CRD CNI CSI JVM GC AI SRE OK A I
  CI CD GRPC NFS SSD TTL EOF RPC MTU GPU QPS WAL`);

/** Kinds and states of Kubernetes as it writes them: words of the field, not names of somebody's object. */
export const kinds = list(`
  Kubernetes Pod Pods Deployment Deployments StatefulSet StatefulSets DaemonSet DaemonSets ReplicaSet ReplicaSets Job Jobs CronJob CronJobs Node Nodes
  Namespace Namespaces Container Containers Service Services ConfigMap ConfigMaps Secret Secrets Ingress Event Events PersistentVolumeClaim
  PersistentVolume HorizontalPodAutoscaler PodDisruptionBudget Endpoints EndpointSlice ServiceAccount NetworkPolicy Gateway HTTPRoute Lease Slack Lifeguard`);

/** Products whose names look like words: to name one that the evidence does not is to make it up. */
export const products = list(`
  redis postgres postgresql mysql mariadb mongodb mongo cassandra kafka rabbitmq nats zookeeper elasticsearch opensearch memcached etcd consul vault nginx envoy
  istio linkerd haproxy traefik kong coredns containerd dockerd docker calico cilium flannel prometheus grafana loki alertmanager jaeger argocd argo
  flux helm terraform ansible jenkins gitlab github keycloak minio ceph aws azure gcp cloudflare datadog sentry stripe paypal sqlite oracle clickhouse
  influxdb cockroachdb dynamodb s3 lambda spark airflow celery sidekiq gunicorn uwsgi tomcat jetty spring django rails node.js java python golang ruby php`);

/** Words joined by a hyphen that name nothing. */
export const joined = list(`
  out-of-memory re-created re-create read-only read-write time-out back-off roll-out start-up shut-down crash-loop crash-looping in-flight long-running short-lived
  write-ahead rate-limited rate-limiting health-check load-balancer load-balanced non-existent non-existing pre-existing in-use real-time third-party built-in
  hard-coded one-time per-pod single-node multi-node long-lived file-system
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
