import { describeLogReading } from '../contract/log-reading.ts';
import { readCredentials } from '../support/kubernetes/real-cluster.ts';

describeLogReading('a real API server', readCredentials);
