import { createClusterReader } from '../src/platform/kubernetes/cluster-reader.ts';
import { loadCredentials } from '../src/platform/kubernetes/credentials.ts';
import { createHttpClient } from '../src/platform/kubernetes/http-client.ts';
import { createLog } from '../src/platform/logging/log.ts';
import { systemClock } from '../src/platform/system/clock.ts';
import { createClusterView } from '../src/signals/cluster-view.ts';
import { pods } from '../src/signals/sources/pods.ts';
import { createTroubleBook } from '../src/signals/troubles.ts';
import { watchSources } from '../src/signals/watcher.ts';
import { startStopwatch } from './stopwatch.ts';

/** Lifeguard's own reading of pods into its slim view. Argument: path of the kubeconfig. */
const [kubeconfig = ''] = process.argv.slice(2);
const stopwatch = startStopwatch();
const http = createHttpClient(await loadCredentials({ kubeconfig, now: () => Date.now() }));
const view = createClusterView();
const watcher = watchSources([pods], {
  reader: createClusterReader({ http, clock: systemClock, random: Math.random }),
  troubles: createTroubleBook(createLog({ level: 'warn' }), systemClock),
  namespaces: [],
  signal: new AbortController().signal,
  emit(signal) {
    view.apply(signal);
    if (signal.type === 'listed') stopwatch.listed(view.count('pod'));
    else stopwatch.event();
  },
});
await watcher.stopped;
