import { readArray, readString } from '../src/core/json.ts';
import { type DemoAlert, notify } from './alerts.ts';
import {
  badCheckout,
  deploymentManifest,
  leakingRecommendations,
  namespaceManifest,
  type ShopApp,
  shopApps,
} from './shop.ts';
import type { LocalSlack } from './slack/local-slack.ts';
import type { Message } from './slack/messages.ts';
import type { Stage } from './stage.ts';

export interface StoryOptions {
  readonly slack: LocalSlack;
  readonly stage: Stage;
  readonly namespace: string;
  /** Clicks Approve by itself, as Ana. */
  readonly headless: boolean;
  /** True where a node may be taken down. */
  readonly breaksNodes: boolean;
  /** Where Lifeguard takes notifications of Alertmanager. */
  readonly webhook: string;
  readonly tell: (sentence: string) => void;
}

const channel = 'C_OPS';
const approver = 'U_ANA';

/** How long a step may take, milliseconds; with a person there is no hurry. */
const patienceMs = 120_000;
const personMs = 24 * 3600_000;

interface Chapter {
  readonly title: string;
  readonly release: ShopApp;
  readonly headline: string;
  readonly expected: string;
  /** Fires while it lasts, about the same workload. */
  readonly alert?: Omit<DemoAlert, 'labels'>;
}

const chapters: readonly Chapter[] = [
  {
    title: 'A bad release of checkout',
    release: badCheckout,
    headline: 'checkout: crash loop',
    expected: 'checkout is healed',
    alert: {
      name: 'HighErrorRate',
      severity: 'critical',
      description: 'checkout answers 34 % of its requests with an error.',
    },
  },
  {
    title: 'recommendations runs out of memory',
    release: leakingRecommendations,
    headline: 'recommendations: out-of-memory loop',
    expected: 'recommendations is healed',
  },
];

/** Plays the story on the stage; resolves when every step was seen, fails with the first that was not. */
export async function playStory(options: StoryOptions): Promise<void> {
  const { stage, namespace, tell } = options;
  const board = createBoard(options);
  await stage.apply(namespaceManifest(namespace));
  for (const app of shopApps) await stage.apply(deploymentManifest(namespace, app));
  await board.step('A small shop runs', () =>
    stage.waitUntilSettled(
      namespace,
      shopApps.map((app) => `deployments/${app.name}`),
    ),
  );
  for (const chapter of chapters) await playChapter(chapter, options, board);
  if (options.breaksNodes) await playNodeChapter(options, board);
  tell('The story is over: everything that was promised was seen.');
}

async function playChapter(chapter: Chapter, options: StoryOptions, board: Board): Promise<void> {
  const { slack, stage, namespace, headless } = options;
  await board.step(chapter.title, () => stage.apply(deploymentManifest(namespace, chapter.release)));
  const root = await board.step('Lifeguard explains it in one thread', () => waitForRoot(slack, chapter.headline));
  const alerts = alertsOf(chapter, namespace);
  if (chapter.alert !== undefined) {
    const { name } = chapter.alert;
    await board.step('An alert of Prometheus about it joins the thread', async () => {
      await notify(options.webhook, 'firing', alerts);
      await waitForReply(slack, root, `alert ${name} fires`);
    });
  }
  await board.step(headless ? 'Ana approves the rollback' : 'Click Approve in the message', async () => {
    if (headless) await approve(slack, root);
    await slack.waitForMessage(
      { channel, threadTs: root.ts, textIncludes: 'Approved by' },
      { timeoutMs: headless ? patienceMs : personMs },
    );
  });
  if (alerts.length > 0) await notify(options.webhook, 'resolved', alerts);
  await board.step('Lifeguard rolls back and proves that it helped', () =>
    slack.waitForMessage({ channel, threadTs: root.ts, textIncludes: chapter.expected }, { timeoutMs: patienceMs }),
  );
  await board.step('The message in the channel says so', () => waitForText(slack, root.ts, 'RESOLVED'));
}

function alertsOf({ alert, release }: Chapter, namespace: string): readonly DemoAlert[] {
  return alert === undefined ? [] : [{ ...alert, labels: { namespace, deployment: release.name } }];
}

/** What a node takes along is told in the thread of the node. */
async function playNodeChapter({ slack, stage, namespace, webhook }: StoryOptions, board: Board): Promise<void> {
  const pods = readArray(await stage.get(`/api/v1/namespaces/${namespace}/pods`), 'items');
  const nodes = [...Map.groupBy(pods, (pod) => readString(pod, 'spec', 'nodeName') ?? '')];
  const [name, tenants] = nodes.toSorted((a, b) => b[1].length - a[1].length)[0] ?? ['', []];
  const mark = (down: boolean) =>
    stage.apply({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, annotations: { 'sim.lifeguard.dev/down': `${down}` } },
    });
  const root = await board.step(`Node ${name} goes down`, async () => {
    await mark(true);
    return slack.waitForMessage((message) => isRoot(message) && message.text.includes(`${name}: node is not ready`), {
      timeoutMs: patienceMs,
    });
  });
  const alerts = tenants.map(
    (pod): DemoAlert => ({
      name: 'KubePodNotReady',
      severity: 'warning',
      labels: { namespace, pod: readString(pod, 'metadata', 'name') ?? '' },
      description: 'A pod has not been ready for a while.',
    }),
  );
  await board.step('The alerts about its pods are told in the thread of the node', async () => {
    await notify(webhook, 'firing', alerts);
    await waitForReply(slack, root, `its troubled pods run on node ${name}`);
  });
  await board.step('The node comes back, and the thread is closed', async () => {
    await mark(false);
    await notify(webhook, 'resolved', alerts);
    await waitForText(slack, root.ts, 'RESOLVED');
  });
}

function waitForReply(slack: LocalSlack, root: Message, textIncludes: string): Promise<Message> {
  return slack.waitForMessage({ channel, threadTs: root.ts, textIncludes }, { timeoutMs: patienceMs });
}

function waitForRoot(slack: LocalSlack, headline: string): Promise<Message> {
  return slack.waitForMessage(
    (message, place) => place === channel && isRoot(message) && message.text.includes(headline) && hasButton(message),
    { timeoutMs: patienceMs },
  );
}

function isRoot({ ts, thread_ts }: Message): boolean {
  return thread_ts === undefined || thread_ts === ts;
}

function hasButton(message: Message): boolean {
  return JSON.stringify(message.blocks ?? []).includes('op:approve');
}

async function approve(slack: LocalSlack, root: Message): Promise<void> {
  const outcome = await slack.click({ user: approver, channel, ts: root.ts, buttonText: 'Approve' });
  if (!outcome.ok) throw new Error(`Approve could not be clicked: ${outcome.error}`);
}

function waitForText(slack: LocalSlack, ts: string, text: string): Promise<Message> {
  return slack.waitForMessage((message) => message.ts === ts && message.text.includes(text), { timeoutMs: patienceMs });
}

interface Board {
  /** Shows the step, does it, and ticks it off. */
  step<T>(text: string, work: () => Promise<T>): Promise<T>;
}

function createBoard({ slack, tell, headless }: StoryOptions): Board {
  const steps: { text: string; done: boolean }[] = [];
  const show = (): void => {
    const text = headless
      ? 'Played without a person.'
      : 'You are Ana, on call. Open #ops-alerts and click Approve when Lifeguard asks.';
    slack.setBanner({ title: 'A day at the Acme Shop', text, steps: steps.map((step) => ({ ...step })) });
  };
  return {
    async step(text, work) {
      const step = { text, done: false };
      steps.push(step);
      show();
      const started = performance.now();
      const result = await work();
      step.done = true;
      show();
      tell(`  ok  ${text} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
      return result;
    },
  };
}
