import { describeKubernetesApi } from '../contract/kubernetes-api.ts';
import { readCredentials } from '../support/kubernetes/real-cluster.ts';

describeKubernetesApi('a real API server', readCredentials);
