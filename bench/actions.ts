import type { ActionContext } from '../src/ops/context.ts';
import { loadCredentials } from '../src/platform/kubernetes/credentials.ts';
import { createHttpClient, type HttpClient } from '../src/platform/kubernetes/http-client.ts';
import { actionCases, openActions, type Played, playAction } from '../test/support/action-play.ts';
import { createNamespace, removeNamespace } from '../test/support/kubernetes/real-cluster.ts';
import { objectCases, openObjectStage, playObject } from '../test/support/object-play.ts';
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
      rows.push(rowOf(one, await playAction(one, `case-${index}`, { http, namespace, context })));
    }
    rows.push(...(await measureObjects({ http, namespace, context }, { tell, signal })));
  } finally {
    await removeNamespace(http, namespace);
    await http.close();
    clearInterval(alive);
  }
  return rows;
}

interface Place {
  readonly http: HttpClient;
  readonly namespace: string;
  readonly context: ActionContext;
}

/** What is not done to the template of a workload: nodes, pods, Jobs, CronJobs, autoscalers, claims. */
async function measureObjects(
  { http, namespace, context }: Place,
  { tell, signal }: Pick<ActionsOptions, 'tell' | 'signal'>,
): Promise<readonly Row[]> {
  const stage = await openObjectStage(http, namespace, context);
  const rows: Row[] = [];
  try {
    for (const one of objectCases) {
      if (signal.aborted) break;
      tell(`actions: ${one.action} of a ${one.kind}`);
      rows.push(rowOf(one, await playObject(one, stage)));
    }
  } finally {
    await stage.close();
  }
  return rows;
}

function rowOf(
  { action, kind }: { readonly action: string; readonly kind: string },
  { verdict, changed, restored, appliedMs, provenMs }: Played,
): Row {
  const undone = { true: 'undone', false: 'NOT undone', undefined: 'nothing to undo' }[String(restored)] ?? '';
  return {
    name: `${action} of a ${kind}: applied, proven, undone`,
    figure: `${changed ? 'applied' : 'NOT applied'}, ${verdict}, ${undone}`,
    comparedWith: `click to applied ${seconds(appliedMs)}, to proven ${seconds(provenMs)}`,
    target: 'all three',
    runs: '1',
  };
}
