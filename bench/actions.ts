import { loadCredentials } from '../src/platform/kubernetes/credentials.ts';
import { createHttpClient } from '../src/platform/kubernetes/http-client.ts';
import { actionCases, openActions, playAction } from '../test/support/action-play.ts';
import { createNamespace, removeNamespace } from '../test/support/kubernetes/real-cluster.ts';
import { seconds } from './figures.ts';
import type { Row } from './table.ts';

export interface ActionsOptions {
  readonly kubeconfig: string;
  readonly tell: (sentence: string) => void;
  readonly signal: AbortSignal;
}

/** Every action on every kind that has it, on a real cluster: applied twice, proven, undone. */
export async function measureActions({ kubeconfig, tell, signal }: ActionsOptions): Promise<readonly Row[]> {
  const http = createHttpClient(await loadCredentials({ kubeconfig, now: Date.now }));
  const namespace = `lifeguard-bench-${process.pid}`;
  const context = openActions(http);
  const rows: Row[] = [];
  // The product's timers keep no process alive; here nothing else does.
  const alive = setInterval(() => undefined, 1_000);
  await createNamespace(http, namespace);
  try {
    for (const [index, one] of actionCases.entries()) {
      if (signal.aborted) break;
      tell(`actions: ${one.action} of a ${one.kind}`);
      const { verdict, changed, restored, provenMs } = await playAction(one, `case-${index}`, {
        http,
        namespace,
        context,
      });
      const undone = { true: 'undone', false: 'NOT undone', undefined: 'nothing to undo' }[String(restored)] ?? '';
      rows.push({
        name: `${one.action} of a ${one.kind}: applied, proven, undone`,
        figure: `${changed ? 'applied' : 'NOT applied'}, ${verdict}, ${undone}`,
        comparedWith: `proven ${seconds(provenMs)} after the write`,
        target: 'all three',
        runs: '1',
      });
    }
  } finally {
    await removeNamespace(http, namespace);
    await http.close();
    clearInterval(alive);
  }
  return rows;
}
