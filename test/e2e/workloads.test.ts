import { describeWorkloads } from '../contract/workloads.ts';
import { useNamespace } from '../support/kubernetes/own-namespace.ts';
import { createApiStage } from '../support/kubernetes/workloads-stage.ts';

const { http, namespace } = await useNamespace('contract');
const stage = createApiStage(http, namespace);

describeWorkloads('a real API server', { stage: () => stage, kinds: ['Deployment', 'StatefulSet', 'DaemonSet'] });
